"""The OpenAPI document as a page to read: rendered here from the specification, no script, nothing from elsewhere."""
from functools import lru_cache
from html import escape
from typing import Any

from flask import Flask, Response

from services.gateway.api import asyncapi
from wire.contracts.envelope import text_of

STYLE = """body{font:16px/1.7 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:70rem;margin:0 auto;padding:1rem}
h2{margin-top:2.5rem;border-bottom:2px solid #b3261e}h3{margin:1.6rem 0 .2rem}code{background:#f5f1ec;padding:.1rem .3rem}
table{border-collapse:collapse;width:100%;margin:.4rem 0}th,td{border:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top}
.verb{display:inline-block;min-width:4.5rem;font-weight:700}a{color:#8c1d18}summary{cursor:pointer}"""


def register(app: Flask, api: Any) -> None:
    """``/api/v1/`` and its style sheet, the events' asyncapi.json, beside openapi.json, on the same open blueprint."""
    @lru_cache(maxsize=1)
    def page() -> str:
        return rendered(api.document())

    @lru_cache(maxsize=1)
    def events() -> str:
        return text_of(asyncapi.document(app.config["API_VERSION"]))

    app.add_url_rule("/api/v1/asyncapi.json", "api-docs.events", lambda: Response(events(), content_type="application/json"))
    app.add_url_rule("/api/v1/", "api-docs.reference", lambda: Response(page(), content_type="text/html; charset=utf-8"))
    app.add_url_rule("/api/v1/reference.css", "api-docs.style", lambda: Response(STYLE, content_type="text/css; charset=utf-8"))


def rendered(spec: dict[str, Any]) -> str:
    """Every operation by tag, with what it takes and answers; every schema once, linked."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in spec["paths"].items():
        for verb, operation in operations.items():
            if verb != "parameters":
                common = operations.get("parameters", [])
                by_tag.setdefault(operation["tags"][0], []).append(_operation(path, verb, operation, common))
    contents = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in by_tag)
    chapters = "".join(f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(found)}' for tag, found in by_tag.items())
    schemas = "".join(_schema(name, schema) for name, schema in sorted(spec["components"].get("schemas", {}).items()))
    return (f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
            f'<title>践诺 · 接口说明</title><link rel="stylesheet" href="/api/v1/reference.css"></head><body><h1>践诺 · 接口说明</h1>'
            f'<p>{escape(spec["info"]["description"])}</p><p>机器可读：<a href="/api/v1/openapi.json">openapi.json</a>（OpenAPI '
            f'{escape(spec["openapi"])}），事件总线上的事件：<a href="/api/v1/asyncapi.json">asyncapi.json</a>（AsyncAPI 3.0.0）。</p>'
            f'<ul>{contents}<li><a href="#schemas">数据结构</a></li></ul>{chapters}'
            f'<h2 id="schemas">数据结构</h2>{schemas}</body></html>')


def _operation(path: str, verb: str, operation: dict[str, Any], common: list[Any]) -> str:
    rows = "".join(_parameter(p) for p in [*common, *operation.get("parameters", [])])
    table = f"<table><tr><th>参数</th><th>位置</th><th>类型</th><th>说明</th></tr>{rows}</table>" if rows else ""
    body = "".join(f"<p>提交（{escape(kind)}）：{_type(c.get('schema', {}))}</p>"
                   for kind, c in operation.get("requestBody", {}).get("content", {}).items())
    answers = "".join(f"<li>{escape(str(status))}：{_answer(answer)}</li>" for status, answer in operation["responses"].items())
    return (f'<h3><span class="verb">{verb.upper()}</span> <code>{escape(path)}</code></h3><p>{escape(operation.get("summary", ""))}</p>'
            f"{table}{body}<p>回答：</p><ul>{answers}</ul>")


def _parameter(parameter: Any) -> str:
    if "$ref" in parameter:
        return ""
    must = "（必填）" if parameter.get("required") else ""
    return (f"<tr><td>{escape(parameter['name'])}{must}</td><td>{escape(parameter['in'])}</td><td>{_type(parameter.get('schema', {}))}</td>"
            f"<td>{escape(parameter.get('description', ''))}</td></tr>")


def _answer(answer: dict[str, Any]) -> str:
    if "$ref" in answer:
        return '<a href="#schema-ProblemDocument">ProblemDocument</a>'
    return "、".join(_type(c.get("schema", {})) for c in answer.get("content", {}).values()) or escape(answer.get("description", ""))


def _schema(name: str, schema: dict[str, Any]) -> str:
    must = set(schema.get("required", ()))
    rows = "".join(f"<tr><td>{escape(field)}{'（必填）' if field in must else ''}</td><td>{_type(found)}</td><td>{_limits(found)}</td></tr>"
                   for field, found in schema.get("properties", {}).items())
    return f'<h3 id="schema-{escape(name)}">{escape(name)}</h3><table><tr><th>字段</th><th>类型</th><th>说明</th></tr>{rows}</table>'


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#schema-{escape(name)}">{escape(name)}</a>'
    if schema.get("type") == "array":
        return _type(schema.get("items", {})) + " 的列表"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " 或 ".join(_type(one) for one in schema[several])
    kind = schema.get("type", "任意")
    words = "、".join(kind) if isinstance(kind, list) else kind
    return escape(f"{words}（{schema['format']}）" if "format" in schema else words)


def _limits(schema: dict[str, Any]) -> str:
    words = [str(schema["title"])] if "title" in schema else []
    words += ["可填：" + "、".join(str(v) for v in schema["enum"])] if "enum" in schema else []
    words += [f"最多 {schema['maxLength']} 字"] if "maxLength" in schema else []
    words += [f"{schema['minimum']} 到 {schema.get('maximum', '')}"] if "minimum" in schema else []
    return escape("；".join(words))
