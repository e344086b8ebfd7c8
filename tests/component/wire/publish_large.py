"""A process of its own, so that the large body is in nobody else's memory: ``publish_large.py <broker> <megabytes>``."""
import sys

from kombu import Connection

with Connection(sys.argv[1]) as connection:
    body = b'{"words":"' + b"x" * (int(sys.argv[2]) * 1_000_000) + b'"}'
    channel = connection.channel()
    channel.basic_publish(channel.prepare_message(body, content_type="application/json"), "nameko-rpc", "echo.read")
