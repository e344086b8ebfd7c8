"""The letter behind its door: what is printed is what was signed."""
import hashlib

from tests.component.pledge.test_doors import LAMPS, approved, refused
from tests.fakes_pledge import FAR_CLERK, SECRETARY, ZHANG
from wire.contracts.pledge import COPIES, ReadLetter, SignPledge


def test_the_letter_is_read_as_it_was_signed_and_its_hash_can_be_recomputed(running):
    """Those who may read the pledge read its letter; before it is signed there is none. [D2] [D3] [X17]"""
    unsigned = approved(running)
    assert refused(running, ZHANG, ReadLetter(pledge_id=unsigned.pledge_id)) == ("not_found", 404)
    signed_ = running.call(SECRETARY, SignPledge(pledge_id=unsigned.pledge_id))
    letter = running.call(ZHANG, ReadLetter(pledge_id=signed_.pledge_id))
    assert hashlib.sha256(letter.text.encode()).hexdigest() == letter.letter_hash == signed_.letter_hash
    assert (letter.number, letter.copies, letter.signed_by_name) == ("2026-001", COPIES, "李书记")
    assert LAMPS.matter in letter.text
    assert refused(running, FAR_CLERK, ReadLetter(pledge_id=signed_.pledge_id)) == ("not_found", 404)
