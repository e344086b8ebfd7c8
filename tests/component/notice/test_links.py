"""承诺衔接 on the board (A13): a member's item and the organisation's it serves lead to each other where both are public."""
from dataclasses import replace

import pytest
from sqlalchemy import event as sqlevent
from sqlalchemy import select

from services.notice import board, queries, usecases
from services.notice.storage import board_link
from tests.component.notice.test_board import PUBLISHED, heard, public, real, rolled_back  # noqa: F401
from tests.fakes_notice import AT, COUNTY, ROSTER, item, news, organisation, pledge
from wire.contracts.notice import ReadBoardPledge, ReadBoardServing
from wire.contracts.pledge import PledgeItemFulfilled, PledgePublished, PledgeSigned

OWN = pledge(pledge_id="plg_own", member_id="", pledgor_name="柳溪村党支部", items=(item(1, item_id="itm_a", matter="修通全村机耕路"),))


def served(n, **more):
    return item(1, item_id=f"itm_{n}_1", matter=f"出工{n}天", serves_pledge_id="plg_own", serves_item_id="itm_a", **more)


def member(n, kind=PledgePublished, version=6, **more):
    return pledge(kind, version, **{"pledge_id": f"plg_{n}", "pledgor_name": f"党员{n}", "items": (
        served(n), item(2, item_id=f"itm_{n}_2"))} | more)


@pytest.fixture
def unit(real):  # noqa: F811
    with rolled_back(real) as unit:
        yield unit


def seen(unit, pledge_id):
    asked = ReadBoardPledge(pledge_id=pledge_id)
    return usecases.show_pledge(unit, queries.pledge(unit, asked), served=queries.served(unit, pledge_id),
                                counts=queries.counts(unit, pledge_id))


def serving(unit, after="", limit=50, search=""):
    return usecases.show_serving(unit, queries.serving(unit, ReadBoardServing(
        pledge_id="plg_own", item_id="itm_a", after=after, limit=limit, search=search)))


def test_both_lead_to_each_other(unit):
    """[A13]"""
    heard(unit, OWN, member(1), member(2))
    mine, own = seen(unit, "plg_1"), seen(unit, "plg_own")
    assert [i.serves and (i.serves.pledge_id, i.serves.organisation_name, i.serves.matter, i.serves.word) for i in mine.items] == [
        ("plg_own", "柳溪村党支部", "修通全村机耕路", "办理中 0%"), None]
    assert [(i.serving, i.serving_fulfilled) for i in own.items] == [(2, 0)]
    assert [(x.pledgor_name, x.matter, x.word) for x in serving(unit).items] == [("党员1", "出工1天", "办理中 0%"), ("党员2", "出工2天", "办理中 0%")]


def test_what_is_not_public_is_linked_to_nothing(unit):
    """Neither the organisation's nor the member's; published later, it is there. [A13]"""
    heard(unit, member(1), member(2, PledgeSigned, 5, state="signed", published_at=None, scope="branch"))
    assert seen(unit, "plg_1").items[0].serves is None
    heard(unit, OWN)
    assert seen(unit, "plg_1").items[0].serves.matter == "修通全村机耕路" and seen(unit, "plg_own").items[0].serving == 1
    heard(unit, member(2))
    assert seen(unit, "plg_own").items[0].serving == 2
    heard(unit, member(2, PledgeSigned, 9, state="terminated", scope="branch"))
    assert seen(unit, "plg_own").items[0].serving == 1 and len(serving(unit).items) == 1


def test_a_fulfilled_one_is_counted_and_every_page_is_read_once(unit):
    """[A13]"""
    done = member(3, PledgeItemFulfilled, 9, items=(served(3, state="fulfilled", progress=100, fulfilled_at=AT),))
    heard(unit, OWN, *(member(n) for n in range(5)), done)
    assert [(i.serving, i.serving_fulfilled) for i in seen(unit, "plg_own").items] == [(5, 1)]
    found, after = [], ""
    for _ in range(3):
        page = serving(unit, after, limit=2)
        found, after = [*found, *page.items], page.next
    assert after == "" and [(x.pledge_id, x.word) for x in found if x.word == "已兑现"] == [("plg_3", "已兑现")]
    assert [x.pledge_id for x in found] == [f"plg_{n}" for n in range(5)]
    assert [[x.pledge_id for x in serving(unit, search=word).items] for word in ("党员2", "100%")] == [["plg_2"], []]
    assert len(serving(unit, search="柳溪村").items) == 5


def test_what_is_served_is_public_too_or_nothing_is_said_to_serve_it(unit):
    """[A13]"""
    heard(unit, member(1), member(2))
    assert serving(unit).items == () and queries.counts(unit, "plg_own") == {}
    heard(unit, OWN)
    assert len(serving(unit).items) == 2 and queries.counts(unit, "plg_own") == {"itm_a": (2, 0)}
    heard(unit, replace(OWN, version=9, state="terminated", scope="branch"))
    assert serving(unit).items == () and queries.counts(unit, "plg_own") == {}


def test_a_page_asks_as_little_for_fifty_branches_as_for_one(public):  # noqa: F811
    """Read by anybody, without signing in: its cost does not follow from what stands on it. [A13]"""
    public.hear(*ROSTER, *(organisation(f"org_b{n}", COUNTY) for n in range(50)))
    public.hear(OWN, *(member(n, organisation_id=f"org_b{n}") for n in range(50)))
    asked = []
    for limit in (1, 50):
        with public.reading("notice") as reading:
            statements = []
            sqlevent.listen(reading.sql, "before_cursor_execute", lambda *said, to=statements: to.append(said[2]))
            assert len(serving(reading, limit=limit).items) == limit
            asked.append(statements)
    assert asked[0] == asked[1]


def test_any_order_and_any_repetition_gives_the_same_links(real):  # noqa: F811
    """[T15] [T17]"""
    story = (member(1), member(1, PledgeItemFulfilled, 9, items=(served(1, state="fulfilled", progress=100, fulfilled_at=AT),)), PUBLISHED, OWN)
    kept = set()
    for order in (story, story[::-1], (*story, *story), (*story[::-1], *story)):
        with rolled_back(real) as unit:
            for fact in order:
                board.post(unit, [news(fact)])
            kept.add(repr([dict(r) for r in unit.sql.execute(select(board_link)).mappings()]))
    assert len(kept) == 1 and "plg_own" in kept.pop()
