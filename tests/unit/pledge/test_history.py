"""The history of a pledge says what was done to which item, so that its progress opens to its facts."""
from services.pledge import usecases
from tests.fakes_pledge import SECRETARY, ZHANG, Village
from tests.unit.pledge.test_fulfilling import claim, published, verify
from wire.contracts.pledge import RecordProgress


def test_each_line_tells_the_item_the_figure_and_the_note():
    """[F2] [J3]"""
    village = Village()
    pledge = published(village)
    first = {"pledge_id": pledge.pledge_id, "item_id": pledge.items[0].item_id}
    village.do(ZHANG, usecases.record_progress, RecordProgress(**first, progress=50, note="路基完成"))
    village.do(ZHANG, usecases.record_progress, RecordProgress(**first, progress=10, note="返工"))
    village.do(ZHANG, usecases.claim_item, claim(pledge))
    village.do(SECRETARY, usecases.verify_item, verify(pledge, solved=False, note="再看看"))
    village.do(ZHANG, usecases.claim_item, claim(pledge))
    done = village.do(SECRETARY, usecases.verify_item, verify(pledge))
    assert [line.detail for line in done.history if line.detail] == [
        "第 1 项进度 0% → 50%：路基完成", "第 1 项进度 50% → 10%：返工", "第 1 项申请销号，佐证：现场照片三张", "第 1 项没有通过核验，继续办理",
        "第 1 项申请销号，佐证：现场照片三张", "第 1 项三项都通过，已兑现"]
