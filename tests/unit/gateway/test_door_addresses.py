"""Names the door answers to."""
import pytest

from services.gateway.addresses import answers_to, is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST.", "county.example", "County.Example:443"])
def test_its_own_and_configured_names_are_answered(host):
    assert answers_to(host, "county.example, other.example", public=False)


@pytest.mark.parametrize("host", ["", "evil.example", "localhost.evil.example", "192.0.2.7", "localhost:99999999", "a b", "localhost/x",
                                  "localhost@evil.example", "[::1", "ｌocalhost"])
def test_foreign_and_malformed_names_are_not(host):
    """[X52]"""
    assert not answers_to(host, "county.example", public=False)


def test_the_public_listener_also_answers_to_bare_addresses():
    assert answers_to("192.0.2.7:8080", "", public=True)
    assert answers_to("[2001:db8::7]:8080", "", public=True)
    assert not answers_to("evil.example", "", public=True)


@pytest.mark.parametrize(("address", "ours"), [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("192.0.2.1", False), ("", False)])
def test_this_machine_is_known_by_its_loopback_addresses(address, ours):
    assert is_loopback(address) is ours
