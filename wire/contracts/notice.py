"""The facts and calls of notice: what does the public see?"""
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from wire.contracts.calls import PUBLIC, call
from wire.contracts.event import Facts, event
from wire.contracts.shape import bounded, shape, text

NoticeKind = Literal["pledge", "progress", "closed_item", "result"]
#: how an organisation ended, "" while it stands
Ended = Literal["", "merged", "dissolved"]
KINDS = {"pledge": "亮诺", "progress": "进展", "closed_item": "兑现", "result": "评议"}


@shape
class NoticeFacts(Facts):
    """A notice 公示: it shows the matter, the responsible person and the deadline (E3).  ``of`` is the id of what it tells about."""

    notice_id: str = text(80)
    organisation_id: str = text(80)
    kind: NoticeKind
    of: str = text(80)
    title: str = text(500)
    person: str = text(100)
    posted_at: datetime
    state: Literal["posted", "withdrawn"] = "posted"


@event("notice.notice.posted.v1", key="notice_id")
class NoticePosted(NoticeFacts):
    """Something new for the public to see on an organisation's board."""


@event("notice.notice.corrected.v1", key="notice_id")
class NoticeCorrected(NoticeFacts):
    """The same notice, told anew."""


# --- calls -----------------------------------------------------------------------------------------------------------

@shape
class BoardServed:
    """The organisation's item that a member's serves (A13), where both are public."""

    pledge_id: str
    item_id: str
    organisation_id: str
    organisation_name: str
    matter: str
    word: str
    tone: Literal["done", "open", "due", "late"]


@shape
class BoardItem:
    """One item as the public sees it.  ``word`` is the state in Chinese, ``tone`` done, open, due or late.

    ``overdue_days``: what the board's figure of overdue counts, 0 when it is not; ``long_running``: no deadline that counts.
    """

    item_id: str
    matter: str
    responsible: str
    deadline_on: date | None
    progress: int
    note: str
    word: str
    tone: Literal["done", "open", "due", "late"]
    overdue_days: int = 0
    long_running: bool = False
    #: where one pledge is read, not on a board: what it serves, and how many public items of members serve it
    serves: BoardServed | None = None
    serving: int = 0
    serving_fulfilled: int = 0


@shape
class BoardPledge:
    pledge_id: str
    number: str
    pledgor_name: str
    post: str
    kind: str
    commitment: str
    published_at: datetime
    fulfilled: int
    items: tuple[BoardItem, ...]
    letter_hash: str
    organisation_id: str = ""


@shape
class BoardServing:
    """A member's public item that serves an organisation's (A13)."""

    pledge_id: str
    item_id: str
    pledgor_name: str
    organisation_id: str
    organisation_name: str
    matter: str
    deadline_on: date | None
    progress: int
    word: str
    tone: Literal["done", "open", "due", "late"]


@shape
class BoardServingPage:
    items: tuple[BoardServing, ...]
    next: str


@shape
class BoardNotice:
    notice_id: str
    kind: NoticeKind
    of: str
    title: str
    person: str
    posted_at: datetime


@shape
class Crumb:
    organisation_id: str
    name: str


@shape
class BoardView:
    """The public board 公开栏 of an organisation.  ``fulfilment`` is 0–100, None where no item is published.  ``exempt`` 免诺: how
    many, never who or why (A4).  ``published``: pledges shown.  One that has ``ended`` keeps what was published under it and expects
    nobody; ``successor``: what it became part of."""

    organisation_id: str
    name: str
    above: tuple[Crumb, ...]
    below: tuple[Crumb, ...]
    year: int
    updated_at: datetime | None
    expected: int
    pledged: int
    oral: int
    items: int
    due: int
    long_running: int
    fulfilled: int
    overdue: int
    fulfilment: Decimal | None
    pledges: tuple[BoardPledge, ...]
    notices: tuple[BoardNotice, ...]
    next: str
    exempt: int = 0
    published: int = 0
    ended: Ended = ""
    successor: Crumb | None = None


@shape
class BoardFigures:
    """What a board counts, or many boards together."""

    pledged: int
    items: int
    fulfilled: int
    overdue: int


@shape
class BoardLine:
    """An organisation in the county's list of boards: its own figures, those of its party groups in them; ``with_below``:
    the same with everything below it, whatever became of it.  One that has ``ended`` is listed in the years it has something
    published in; ``successor``: what it became part of."""

    organisation_id: str
    name: str
    path: str
    pledged: int
    items: int
    fulfilled: int
    overdue: int = 0
    with_below: BoardFigures | None = None
    ended: Ended = ""
    successor: Crumb | None = None


@shape
class BoardsPage:
    """``total`` counts what was found, on all pages; ``next`` is the ``after`` of the following page, empty at the end.
    ``figures`` are those of the whole part of the tree, on a first page that searches nothing."""

    items: tuple[BoardLine, ...]
    total: int
    next: str
    figures: BoardFigures | None = None


@shape
class CountyView:
    """The county's front page: totals, latest notices, and boards: all of a small county, of a large one its upper levels.
    ``organisations``: those that stand; ``listed``: all boards of the year, of ended ones too."""

    name: str
    organisations: int
    pledged: int
    expected: int
    items: int
    fulfilled: int
    overdue: int
    fulfilment: Decimal | None
    boards: tuple[BoardLine, ...]
    notices: tuple[BoardNotice, ...]
    exempt: int = 0
    listed: int = 0


@call("notice.board", reply=BoardView, grants=PUBLIC)
class ReadBoard:
    """The board of one organisation; pledges paged by ``after``."""

    organisation_id: str = text(80)
    year: int = bounded(0, 2200, default=0)
    search: str = text(60, default="")
    after: str = text(200, default="")
    limit: int = bounded(1, 500, default=200)


@call("notice.pledge", reply=BoardPledge, grants=PUBLIC)
class ReadBoardPledge:
    """One published pledge as the public sees it."""

    pledge_id: str = text(80)


@call("notice.serving", reply=BoardServingPage, grants=PUBLIC)
class ReadBoardServing:
    """The public items of members that serve this item of an organisation's pledge, searched by whose they are or of which
    organisation, paged by ``after``."""

    pledge_id: str = text(80)
    item_id: str = text(80)
    search: str = text(60, default="")
    after: str = text(2400, default="")
    limit: int = bounded(1, 200, default=50)


@call("notice.county", reply=CountyView, grants=PUBLIC)
class ReadCounty:
    """The front page; instead of the upper levels' the boards whose name holds ``search``."""

    year: int = bounded(0, 2200, default=0)
    search: str = text(60, default="")


@call("notice.boards", reply=BoardsPage, grants=PUBLIC)
class ReadBoards:
    """Boards of the county, or of an organisation and all below it: in tree order, with the lowest share fulfilled or the
    fewest pledges first, or only those with something overdue of their own, the most first.  Searched by name;
    ``levels``: so many levels only, counted from the top one."""

    organisation_id: str = text(80, default="")
    year: int = bounded(0, 2200, default=0)
    search: str = text(60, default="")
    sort: Literal["tree", "overdue", "share", "pledged"] = "tree"
    levels: int = bounded(0, 20, default=0)
    after: str = text(2400, default="")
    limit: int = bounded(1, 200, default=100)
