"""Acting on the fake roster: one use case at a time, by whoever it is said to be."""
from tests.fakes_roster import VILLAGE, do
from wire.contracts.actor import Actor, HeldGrant
from wire.contracts.roster import RegisterMember


def entered(books, code="1", name="曾小明", place=VILLAGE, **more):
    return do(books, RegisterMember(organisation_id=place, code=code, name=name, **more))[0]


def kinds(announced):
    return [type(event) for event in announced]


def acting(role, place):
    return Actor(kind="person", person_id=f"prs_{role}", name="何书记", grants=(
        HeldGrant(grant_id=f"grt_{role}_{place}", role=role, organisation_id=place),))


def written(books, member_id):
    """The register of a member, the newest first."""
    return [act for act in reversed(books.acts.kept) if act.member_id == member_id]


def acts(books, member_id):
    return [(a.act, a.happened_on) for a in written(books, member_id)]
