"""Spreadsheets of organisations, members and positions: rows as read, and what is wrong with one."""
from wire.contracts.shape import bounded, shape, text


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
