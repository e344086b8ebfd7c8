"""Names and addresses this door answers to.  A foreign Host header is refused: links and redirects are made from it (X52)."""
import ipaddress
import re

OWN = frozenset({"localhost", "127.0.0.1", "::1"})
HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:(?P<port>\d{1,5}))?", re.ASCII)


def answers_to(host: str, configured: str, *, public: bool) -> bool:
    """Whether this is a name of ours: this machine's own, or a configured one.

    The public listener also answers to any bare address: it sets no cookie and makes no absolute link.
    """
    found = HOST.fullmatch(host)
    if not found:
        return False
    name = found["name"].strip("[]").lower().rstrip(".")
    if name in OWN or name in {word.strip().lower() for word in configured.split(",") if word.strip()}:
        return True
    return public and _is_address(name)


def is_loopback(address: str) -> bool:
    """Whether the request came from this machine itself."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def network_of(address: str) -> str:
    """The address, and of IPv6 the /64 its owner can move in freely: one place, however many addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 and not found.is_loopback else str(found)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
        return True
    except ValueError:
        return False
