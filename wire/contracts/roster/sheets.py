"""Spreadsheets of organisations, members and positions: rows as read, and the verdict on them."""
from wire.contracts.actor import Reach
from wire.contracts.calls import call, grants
from wire.contracts.shape import bounded, shape, text

#: the office, and the county's member system that keeps the roll in step
SYNC = grants(office=Reach.WITHIN, system=Reach.WITHIN)


@shape
class OrganisationRow:
    """A line of the organisations' spreadsheet, as read: text, trimmed.  ``row`` is its number in the user's file."""

    row: int = bounded(1, 1_100_000, default=1)
    code: str = text(200, label="编号", default="")
    name: str = text(400, label="名称", default="")
    kind: str = text(200, label="类别", default="")
    sector: str = text(200, label="领域", default="")
    parent_code: str = text(200, label="上级编号", default="")
    founded_on: str = text(200, label="成立日期", default="")
    re_elected_on: str = text(200, label="最近换届日期", default="")
    system: str = text(200, label="条线", default="")


@shape
class MemberRow:
    """A line of the members' spreadsheet, as read: text, trimmed."""

    row: int = bounded(1, 1_100_000, default=1)
    code: str = text(200, label="编号", default="")
    name: str = text(400, label="姓名", default="")
    kind: str = text(200, label="身份", default="")
    organisation_code: str = text(200, label="所在党组织编号", default="")
    post: str = text(400, label="职务", default="")
    post_kind: str = text(200, label="岗位类别", default="")
    joined_on: str = text(200, label="入党日期", default="")


@shape
class PositionRow:
    """A line of the positions' spreadsheet, as read.  ``confirmed`` must be left empty: no sheet confirms (X45)."""

    row: int = bounded(1, 1_100_000, default=1)
    code: str = text(200, label="人员编号", default="")
    name: str = text(400, label="姓名", default="")
    organisation_code: str = text(200, label="党组织编号", default="")
    kind: str = text(200, label="职务", default="")
    from_on: str = text(200, label="起始日期", default="")
    until_on: str = text(200, label="截止日期", default="")
    confirmed: str = text(200, label="确认情况", default="")


@shape
class RowFault:
    """What is wrong with one cell, and what to write instead."""

    row: int
    column: str
    value: str
    sentence: str


@shape
class ImportVerdict:
    """总数 / 可导入 / 重复 / 错误.  ``done``: whether anything was written (all rows or none)."""

    total: int
    new: int
    changed: int
    same: int
    done: bool
    faults: tuple[RowFault, ...]


@call("roster.check_organisations", reply=ImportVerdict, grants=SYNC, scope="organisations:sync")
class CheckOrganisations:
    """Read the rows as ``RegisterOrganisations`` would, and write nothing."""

    rows: tuple[OrganisationRow, ...]


@call("roster.register_organisations", reply=ImportVerdict, grants=SYNC, writes=True, scope="organisations:sync")
class RegisterOrganisations:
    """Enter or change organisations by their own code: all rows, or none and every fault listed.  Again: nothing changes."""

    rows: tuple[OrganisationRow, ...]


@call("roster.check_members", reply=ImportVerdict, grants=SYNC, scope="members:sync")
class CheckMembers:
    rows: tuple[MemberRow, ...]


@call("roster.register_members", reply=ImportVerdict, grants=SYNC, writes=True, scope="members:sync")
class RegisterMembers:
    """Enter or change members by their own code: all rows, or none and every fault listed.  Again: nothing changes."""

    rows: tuple[MemberRow, ...]
