"""The AsyncAPI 3.0 document of the house's events, written from the registry: what is declared is what is documented."""
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from wire.contracts import commendation, evaluation, notice, pledge, roster  # noqa: F401  (declares their events)
from wire.contracts import event as events
from wire.contracts.envelope import CONTENT_TYPE
from wire.contracts.shape import schema_class


def document(version: str) -> dict[str, Any]:
    """Every stream as a channel on the exchange of its service, every event as a message with the shape of its data."""
    plugin = MarshmallowPlugin()
    spec = APISpec("jiannuo", version, "3.1.0", plugins=[plugin])
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    for topic, cls in sorted(events.registry.items()):
        assert plugin.converter is not None
        name = topic.replace(".", "_")
        spec.components.schema(name, schema=schema_class(cls))
        messages[name] = {
            "name": topic, "title": (cls.__doc__ or "").strip(), "contentType": CONTENT_TYPE,
            "payload": _envelope(topic, cls.key, name)}
        channel = channels.setdefault(cls.stream.replace(".", "_"), {
            "address": f"{cls.stream}.#", "title": cls.stream, "messages": {},
            "description": f"Routing keys on the topic exchange {cls.stream.partition('.')[0]}.events; positions are gapless.",
            "bindings": {"amqp": {"is": "routingKey", "exchange": {
                "name": f"{cls.stream.partition('.')[0]}.events", "type": "topic", "durable": True}}}})
        channel["messages"][name] = {"$ref": f"#/components/messages/{name}"}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "践诺 Jiannuo", "version": version, "description": "Each event carries the full shared state of its "
                 "aggregate and its version: an older one never replaces a newer one."},
        "defaultContentType": CONTENT_TYPE,
        "channels": channels,
        "operations": {f"hear_{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}} for name in channels},
        "components": {"messages": messages, "schemas": spec.to_dict()["components"]["schemas"]},
    }


def _envelope(topic: str, key: str, data: str) -> dict[str, Any]:
    """CloudEvents 1.0 structured mode, with the extensions that place an event in its stream."""
    told = {"type": "string"}
    return {
        "type": "object", "required": ["specversion", "id", "source", "type", "subject", "epoch", "position", "data"],
        "properties": {
            "specversion": {"const": "1.0"}, "id": told, "source": told, "type": {"const": topic},
            "time": {"type": "string", "format": "date-time"}, "subject": told | {"description": f"the {key}"},
            "datacontenttype": {"const": "application/json"}, "epoch": {"type": "integer", "minimum": 1},
            "position": {"type": "integer", "minimum": 1}, "correlation": told, "traceparent": told,
            "data": {"$ref": f"#/components/schemas/{data}"}}}
