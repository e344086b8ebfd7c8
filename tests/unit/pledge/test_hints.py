"""起草提示: what makes an item hard to check."""
import time
from datetime import date

import pytest

from services.pledge.domain.hints import alike, has_figure, hints
from tests.unit.pledge.worlds import DRAFTING, TODAY, item


def said(*items, commitment="written"):
    return [sentence for _, sentence in hints(items, DRAFTING, commitment=commitment, today=TODAY)]


def test_a_measurable_item_with_a_deadline_has_no_hint():
    assert said(item(1, matter="为20户低保户安装路灯", target="20盏")) == []


def test_an_item_without_target_or_figure_is_pointed_at():
    """[B7]"""
    assert "没有目标或数字" in said(item(1, matter="帮助村里的困难家庭", target=""))[0]


@pytest.mark.parametrize("matter", ["进一步加强作风建设", "切实做好服务工作", "不断提高自身素质"])
def test_empty_verbs_without_a_figure_are_pointed_at(matter):
    """空诺. [B9]"""
    assert "不好核验" in said(item(1, matter=matter, target="更上一层楼"))[0]


def test_an_empty_verb_beside_a_figure_is_left_alone():
    assert said(item(1, matter="进一步加强走访，全年走访30户", target="")) == []


@pytest.mark.parametrize("matter", ["遵纪守法，按时上下班", "按时缴纳党费12次"])
def test_an_ordinary_duty_is_no_pledge(matter):
    """[C6]"""
    assert "不算承诺" in said(item(1, matter=matter))[0]


def test_near_duplicates_inside_a_pledge_are_pointed_at():
    found = said(item(1, matter="为村里20户低保户安装路灯"), item(2, matter="为村里的20户低保户安装路灯。"))
    assert found == ["与第 1 项内容相近，请合并，或写清两项的区别。"]


def test_a_missing_deadline_and_one_that_is_over_are_pointed_at():
    """[B7]"""
    assert "没有完成时限" in said(item(1, deadline_on=None))[0]
    assert "已经过去" in said(item(1, deadline_on=date(2026, 3, 1)))[0]


@pytest.mark.parametrize("commitment", ["oral", "as_able"])
def test_who_pledges_orally_or_as_able_is_not_asked_for_figures(commitment):
    """[A5] [A6]"""
    assert said(item(1, matter="调解邻里纠纷", target="", deadline_on=None), commitment=commitment) == []


@pytest.mark.parametrize(("text", "figure"), [
    ("走访20户", True), ("走访三十余户", True), ("办两件实事", True), ("满意率达到百分之九十", True), ("３次", True),
    ("进一步加强", False), ("统一思想", False), ("一心一意", False), ("千方百计", False), ("", False)])
def test_a_figure_is_an_amount_and_not_a_turn_of_phrase(text, figure):
    assert has_figure(text) is figure


def test_matters_without_words_are_alike_only_if_they_are_the_same():
    assert alike("修", "修", 60) and not alike("修", "建", 60)


def test_hostile_text_is_read_quickly():
    began = time.process_time()
    has_figure("一" * 50_000)
    has_figure("百分" * 25_000)
    # in the square of its length it would take minutes
    assert time.process_time() - began < 1
