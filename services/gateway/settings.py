"""Settings of the gateway: the door's addresses and limits (``JIANNUO_GATEWAY_…``), and where it listens (``JIANNUO_…``)."""
from collections.abc import Mapping
from dataclasses import dataclass

from wire.bus.settings import Refused, read


@dataclass(frozen=True, kw_only=True)
class DoorSettings:
    """Where the door is.  ``listen`` opens a second listener, for public pages only; staff use this machine or https."""

    port: int = 8000
    #: host:port, for example 0.0.0.0:8080; empty: no second listener
    listen: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise Refused(f"端口 {self.port} 不对，应为 1 到 65535 的整数，请改正后重新启动。")
        if self.listen:
            address(self.listen)


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """How the door keeps itself.  Sizes are bytes, times seconds."""

    #: names the door answers to besides this machine's own, separated by commas
    hosts: str = ""
    #: how many proxies in front are to be believed about address and https (nginx: 1)
    proxies: int = 0
    #: a banner says that all people are fictional
    demonstration: bool = False

    # limits of one request
    json_bytes: int = 4_000_000
    body_bytes: int = 20_000_000
    #: headers must have arrived within this
    header_seconds: float = 10.0
    #: a body must have arrived within this, plus a second for every ``body_rate`` bytes
    body_seconds: float = 15.0
    body_rate: int = 20_000
    #: nothing moved on the socket for so long
    silence_seconds: float = 30.0
    workers: int = 200
    connections: int = 1000

    # sign-in; its other figures are the county's policy (``domain/policy.py``)
    #: setting the system up, one account, a new password
    invitation_seconds: int = 30 * 60
    #: accounts for a list of people, whom nobody reaches in half an hour
    list_invitation_seconds: int = 7 * 86_400
    #: policy: who must show a one-time code (动态口令) besides the password, the county's policy says; none: nobody must, whatever it
    #: says, so that a house whose administrators lost their telephones can be opened from its own machine
    second_factor: str = "policy"
    #: how long grants may be believed for reading without asking roster again
    grants_seconds: int = 60
    #: a file with the key that signs form tokens; empty: made in the data folder
    secret_file: str = ""

    # spreadsheets
    sheet_bytes: int = 10_000_000
    sheet_inflated_bytes: int = 120_000_000
    sheet_rows: int = 100_000
    #: people one sheet may invite: the file of their links is made in memory, and never touches a disk
    sheet_accounts: int = 5_000
    #: of the process that reads one: processor time and memory
    sheet_seconds: int = 20
    sheet_memory_bytes: int = 256_000_000
    #: up to so many rows the user's own file comes back with its faults marked; a larger one as a fresh file
    sheet_annotated_rows: int = 5_000
    #: of a list taken out: the file is held in memory when it is kept and when it is given out
    export_rows: int = 300_000
    #: how long a job waits for a service that is away
    job_patience_seconds: float = 30.0

    # keeping, in days after the end; for how long the access log is kept: ``operation_log_days`` of the bus
    #: uploads and the files made of them hold personal data
    job_file_days: int = 7
    #: jobs with their faults, which say what was written in the cells
    job_days: int = 90
    #: invitations spent or run out
    invitation_days: int = 30
    #: what others did to an account, after its owner has read it
    note_days: int = 90
    #: secrets of API keys that were rotated or have ended
    secret_days: int = 30

    def __post_init__(self) -> None:
        for name in ("job_file_days", "job_days", "invitation_days", "note_days", "secret_days"):
            if getattr(self, name) < 1:
                raise Refused(f"JIANNUO_GATEWAY_{name.upper()} 至少为 1 天，请改正后重新启动。")
        if self.job_days < self.job_file_days:
            raise Refused("JIANNUO_GATEWAY_JOB_DAYS 不能小于 JIANNUO_GATEWAY_JOB_FILE_DAYS，请改正后重新启动。")
        if self.second_factor not in ("policy", "none"):
            raise Refused("JIANNUO_GATEWAY_SECOND_FACTOR 只能填 policy（按县里的政策）或 none（暂不要求），请改正后重新启动。")


def address(word: str) -> tuple[str, int]:
    """``host:port`` in two.  Raises Refused with a sentence that says what to write."""
    host, _, port = word.rpartition(":")
    if not host or not port.isdigit() or not 0 <= int(port) < 65536:
        raise Refused(f"JIANNUO_LISTEN 的值“{word}”不对，应写成 地址:端口，例如 0.0.0.0:8080。")
    return host.strip("[]"), int(port)


def from_environment(environ: Mapping[str, str] | None = None) -> tuple[DoorSettings, GatewaySettings]:
    """Both, as the environment says.  Raises Refused with a Chinese sentence."""
    return read(DoorSettings, "JIANNUO_", environ), read(GatewaySettings, "JIANNUO_GATEWAY_", environ)
