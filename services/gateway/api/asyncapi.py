"""The AsyncAPI 3.0 document of the house's events, written from the registry: what is declared is what is documented, in the words in
which people read the histories.  The docstrings of events are for whoever changes the code, as those of calls are."""
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from services.gateway.deeds import AGGREGATES, DEEDS, FIELDS, FIELDS_OF
from wire.contracts import commendation, evaluation, notice, pledge, roster  # noqa: F401  (declares their events)
from wire.contracts import event as events
from wire.contracts.envelope import CONTENT_TYPE
from wire.contracts.shape import schema_class

#: what every event tells besides its own state
EVERY = {"version": "版本", "acted_by": "办理人标识", "acted_by_name": "办理人", "acted_at": "办理时间", "scope": "公开范围"}


def document(version: str) -> dict[str, Any]:
    """Every stream as a channel on the exchange of its service, every event as a message with the shape of its data."""
    plugin = MarshmallowPlugin()
    spec = APISpec("jiannuo", version, "3.1.0", plugins=[plugin])
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for topic, cls in sorted(events.registry.items()):
        assert plugin.converter is not None
        name, thing = topic.replace(".", "_"), AGGREGATES.get(cls.stream, cls.stream)
        spec.components.schema(name, schema=schema_class(cls))
        messages[name] = {
            "name": topic, "title": f"{thing}：{DEEDS.get(topic, topic)}", "contentType": CONTENT_TYPE,
            "payload": _envelope(topic, f"{thing}的标识（data 里的 {cls.key}）", name)}
        channel = channels.setdefault(cls.stream.replace(".", "_"), {
            "address": f"{cls.stream}.#", "title": thing, "messages": {},
            "description": f"topic 交换机 {cls.stream.partition('.')[0]}.events 上以 {cls.stream}. 开头的路由键；流内序号连续，不缺号。",
            "bindings": {"amqp": {"is": "routingKey", "exchange": {
                "name": f"{cls.stream.partition('.')[0]}.events", "type": "topic", "durable": True}}}})
        channel["messages"][name] = {"$ref": f"#/components/messages/{name}"}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "践诺 Jiannuo", "version": version, "description": "事件总线上的事件。每个事件带着它所说的"
                 "对象的全部公开状态和版本：旧版本从不覆盖新版本，重复收到、先后颠倒都没有妨碍。"},
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": {f"hear_{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}} for name in channels},
        "components": {"messages": messages, "schemas": _titled(spec.to_dict()["components"]["schemas"])},
    }


def _titled(schemas: dict[str, Any]) -> dict[str, Any]:
    """With the words for their values, where a shape gives none."""
    for name, schema in schemas.items():
        own = FIELDS_OF.get(".".join(name.split("_")[:2]), {})
        for field, told in schema.get("properties", {}).items():
            if "$ref" not in told and (word := own.get(field) or FIELDS.get(field) or EVERY.get(field)):
                told.setdefault("title", word)
    return schemas


def _envelope(topic: str, subject: str, data: str) -> dict[str, Any]:
    """CloudEvents 1.0 structured mode, with the extensions that place an event in its stream."""
    told = {"type": "string"}
    return {
        "type": "object", "required": ["specversion", "id", "source", "type", "subject", "epoch", "position", "data"],
        "properties": {
            "specversion": {"const": "1.0"}, "id": told, "source": told, "type": {"const": topic},
            "time": {"type": "string", "format": "date-time"}, "subject": told | {"title": subject},
            "datacontenttype": {"const": "application/json"}, "epoch": {"type": "integer", "minimum": 1, "title": "纪元，恢复备份后加一，序号重算"},
            "position": {"type": "integer", "minimum": 1, "title": "流内序号"}, "correlation": told, "traceparent": told,
            "data": {"$ref": f"#/components/schemas/{data}"}}}
