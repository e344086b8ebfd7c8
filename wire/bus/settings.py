"""Settings: the only place in the house that reads the environment.

Every setting is a field of a frozen dataclass; its variable is ``JIANNUO_<FIELD>``, for a service's own settings
``JIANNUO_<SERVICE>_<FIELD>``.  What cannot work is refused at start with a Chinese sentence that says what to write
instead.
"""
import dataclasses
import os
import shlex
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

S = TypeVar("S")
PREFIX = "JIANNUO_"
DIALECT = "postgresql+psycopg2"
#: for so long a log is kept at the least, whatever a setting says (X21)
LOG_DAYS_LEAST = 200


class Refused(Exception):
    """The settings cannot work; the message is a Chinese sentence per problem."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """How one process of the house runs.  Times are seconds."""

    # where things are
    data: Path = Path("data")
    #: pyamqp://user:password@host:port/vhost; empty: embedded, everything in this process
    broker: str = ""
    #: postgresql+psycopg2://…; empty: one SQLite file per service in the data folder
    database: str = ""
    #: name of the embedded house: two houses in one process share nothing unless they share it
    house: str = "jiannuo"
    county_zone: str = "Asia/Shanghai"

    # keys: the gateway holds the private one, every service the public one; empty: made in the data folder (embedded)
    signing_key: str = ""
    verify_key: str = ""
    #: how long a signed actor is good for
    signature_seconds: int = 60

    # health and metrics: 0 takes any free port, -1 opens none
    health_host: str = "127.0.0.1"
    health_port: int = -1
    #: a loop that did not turn for so long is stuck: /livez fails
    stuck_seconds: float = 60.0
    #: an outbox older than this turns /readyz red
    outbox_lag_seconds: float = 60.0

    # the broker
    max_workers: int = 10
    #: the broker says something every half of it; must be well below twice the watchdog
    heartbeat: int = 10
    #: event queues are quorum queues (a cluster of three)
    quorum: bool = False
    #: a consumer without an iteration for so long has its socket shut
    watchdog_seconds: float = 15.0
    #: how long a publish may wait for its confirm
    confirm_seconds: float = 5.0

    # calls
    call_seconds: float = 3.0
    #: a body larger than this is refused before it is read
    call_bytes: int = 4_000_000
    idempotency_days: int = 7

    # writing side
    #: a batch waits once for the broker to have synced it to disk, however long it is
    relay_batch: int = 500
    relay_sweep_seconds: float = 1.0
    lease_seconds: float = 30.0
    #: a returned event is tried again for so long, then it is unrouted
    return_grace_seconds: float = 60.0
    journal_days: int = 400

    # reading side
    #: messages, each of them up to a bundle of 64 KB
    prefetch: int = 400
    batch: int = 400
    batch_wait_seconds: float = 0.01
    retry_first_seconds: float = 1.0
    retry_most_seconds: float = 600.0
    retry_tries: int = 10
    #: a hole older than this is asked for
    hole_grace_seconds: float = 5.0
    healing_seconds: float = 30.0

    # databases
    pool: int = 14
    statement_seconds: float = 15.0
    lock_seconds: float = 3.0
    busy_milliseconds: int = 50

    # keeping
    #: lines of the operation log (of the gateway: the access log) older than this are taken off its beginning (X21, X38)
    operation_log_days: int = 730
    #: a large change that was prepared (a spreadsheet) and never made is forgotten after so long
    prepared_days: int = 7

    # stopping
    drain_seconds: float = 30.0

    log_level: str = "INFO"

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise Refused("\n".join(problems))

    @property
    def embedded(self) -> bool:
        return not self.broker

    @property
    def seldom(self) -> int:
        """How many times rarer a loop may look for what only an accident leaves behind: within one process every commit rings,
        and nothing is lost on the way while it lives."""
        return 5 if self.embedded else 1

    @property
    def broker_uri(self) -> str:
        """What kombu and nameko connect to."""
        return self.broker or f"embedded://localhost/{self.house}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.county_zone)

    @property
    def console(self) -> str:
        """How a shell calls the operator's console for this house, in its checkout.  Addresses with passwords in them are not said."""
        said = [f"JIANNUO_DATA={shlex.quote(str(self.data.resolve()))}"]
        if not self.embedded:
            said += ["JIANNUO_BROKER=…", "JIANNUO_DATABASE=…"]
        return " ".join([*said, ".venv/bin/python -m deploy.console"])

    def sqlite(self, service: str) -> Path:
        return self.data / f"{service}.sqlite"

    def nameko(self) -> dict[str, Any]:
        """The configuration of a nameko container; ``of`` finds the settings in it again."""
        return {
            "AMQP_URI": self.broker_uri, "JIANNUO": self, "max_workers": self.max_workers, "heartbeat": self.heartbeat,
            "serializer": "json", "WEB_SERVER_ADDRESS": "127.0.0.1:0"}


def of(container: Any) -> Settings:
    """The settings a nameko container was started with."""
    return container.config["JIANNUO"]


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.  Raises Refused with a Chinese sentence per problem."""
    return read(Settings, PREFIX, environ)


def read(cls: type[S], prefix: str, environ: Mapping[str, str] | None = None) -> S:
    """Fill a frozen dataclass from the environment: field ``max_workers`` from ``<prefix>MAX_WORKERS``.

    Fields are str, int, float, bool (1/0) or Path; a missing or empty variable leaves the default.  A service keeps its
    own: ``read(PledgeSettings, "JIANNUO_PLEDGE_")``.  Raises Refused.
    """
    found = os.environ if environ is None else environ
    hints, values, problems = typing.get_type_hints(cls), {}, []
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        name = prefix + field.name.upper()
        word = found.get(name, "").strip()
        if not word:
            continue
        try:
            values[field.name] = _value(hints[field.name], word)
        except ValueError:
            problems.append(f"环境变量 {name} 的值“{word}”不对，应为{KINDS[hints[field.name]]}，请改正后重新启动。")
    if problems:
        raise Refused("\n".join(problems))
    return cls(**values)


KINDS = {int: "整数", float: "数字", bool: "1 或 0", Path: "路径", str: "文字"}
TRUTH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _value(kind: type, word: str) -> Any:
    if kind is bool:
        if word.lower() not in TRUTH:
            raise ValueError(word)
        return TRUTH[word.lower()]
    return kind(word)


def _problems(settings: Settings) -> Iterator[str]:
    if bool(settings.broker) != bool(settings.database):
        yield ("JIANNUO_BROKER 和 JIANNUO_DATABASE 要一起填写（分布运行），或者都不填（单机运行），"
               f"现在只填了{'前者' if settings.broker else '后者'}。")
    if settings.database:
        scheme = settings.database.partition("://")[0]
        if scheme != DIALECT:
            yield f"JIANNUO_DATABASE 应以 {DIALECT}:// 开头，现在是 {scheme}://，请改正后重新启动。"
    if settings.broker:
        parts = urlsplit(settings.broker)
        if parts.scheme not in ("pyamqp", "amqp"):
            yield f"JIANNUO_BROKER 应以 pyamqp:// 开头，现在是 {parts.scheme}://，请改正后重新启动。"
        elif not parts.hostname:
            yield "JIANNUO_BROKER 里没有主机名，应写成 pyamqp://用户:密码@主机:5672/虚拟主机。"
    try:
        ZoneInfo(settings.county_zone)
    except (KeyError, ValueError, OSError):
        yield f"JIANNUO_COUNTY_ZONE 的值“{settings.county_zone}”不是时区名，例如 Asia/Shanghai。"
    if settings.operation_log_days < LOG_DAYS_LEAST:
        yield (f"JIANNUO_OPERATION_LOG_DAYS 现在是 {settings.operation_log_days}：操作日志和访问日志至少要保存 {LOG_DAYS_LEAST} 天，"
               f"请改成不小于 {LOG_DAYS_LEAST} 的整数后重新启动。")
    if settings.heartbeat / 2 >= settings.watchdog_seconds:
        yield "JIANNUO_HEARTBEAT 的一半应小于 JIANNUO_WATCHDOG_SECONDS，否则正常的连接也会被当作断开。"
    if not settings.house.isidentifier():
        yield "JIANNUO_HOUSE 只能用字母、数字和下划线。"
    for name in ("max_workers", "call_seconds", "relay_batch", "batch", "prefetch", "lease_seconds", "pool", "prepared_days"):
        if getattr(settings, name) <= 0:
            yield f"JIANNUO_{name.upper()} 应大于 0。"
