"""JSON as it comes from outside: read strictly, so that what is stored is what was sent, or the answer is a 4xx (T23)."""
import json
import re
from decimal import Decimal
from typing import Any

from flask import Request
from webargs.flaskparser import FlaskParser

from services.gateway.problems import refuse

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
MOST_NODES, MOST_KEYS, DEPTH = 600_000, 200, 32
NOT_JSON = "请求的内容不是正确的 JSON（UTF-8 编码，不含 NaN 和不成对的代理字符），请检查后重新提交。"
NOT_TYPED = "请把 Content-Type 写成 application/json 后重试。"


def read(body: bytes) -> Any:
    """The value.  Refuses with 400 what is no JSON or no text; numbers with a fraction become Decimal."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_no, parse_float=_exact)
        if SURROGATE.search(body):
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        raise refuse(400, NOT_JSON, code="not_json") from None
    if len(body) > 10_000:
        _weigh(found)
    return found


class StrictParser(FlaskParser):
    """Takes JSON only where it is called JSON."""

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body:
            return {}
        if req.mimetype != "application/json":
            raise refuse(415, NOT_TYPED)
        found = read(body)
        if not isinstance(found, dict):
            raise refuse(422, "应为一个 JSON 对象，请检查后重新提交。")
        return found


def _no(word: str) -> Any:
    raise ValueError(word)


def _exact(word: str) -> Decimal:
    found = Decimal(word)
    if len(word) > 40 or abs(found.adjusted()) > 30:
        raise ValueError("too long")
    return found


def _weigh(found: Any) -> None:
    """A million keys or a thousand levels are no request of this house: refused before anybody walks through them (T22)."""
    level, nodes, depth = [found], 0, 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        if nodes > MOST_NODES or depth > DEPTH:
            raise refuse(400, "提交的内容层次或字段太多，请分几次提交。", code="too_deep")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                if len(value) > MOST_KEYS:
                    raise refuse(400, "提交的内容层次或字段太多，请分几次提交。", code="too_deep")
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        level = below
