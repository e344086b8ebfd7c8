"""The house's own law as code: who may import what, and what may stand nowhere.

Every finding carries its reason.  The services are found by listing their folder; nothing here names one but the
gateway, whose rooms differ.
"""
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

OURS = ("wire", "services", "deploy", "tests")
BUS_CONTRACTS = tuple(f"wire.contracts.{name}" for name in (
    "shape", "event", "envelope", "calls", "actor", "ports", "journal", "policies", "history", "audit"))
NOT_GREEN = ("nameko", "kombu", "amqp", "eventlet", "greenlet")
ANY = ("*",)


@dataclass(frozen=True)
class Finding:
    """What is refused where, and why; ``rule`` is its short name."""

    rule: str
    path: str
    line: int
    what: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what} — {self.reason} [{self.rule}]"


@dataclass(frozen=True)
class Room:
    """What one room may import: of the house, by prefix; of other people's libraries, all but ``never``, or only ``only``."""

    house: tuple[str, ...]
    reason: str
    never: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


def rooms(service: str) -> dict[str, Room]:
    """The table "Who may import what"; ``S`` stands for the service whose file is looked at."""
    mine = f"services.{service}"
    return {
        "wire.contracts": Room(
            ("wire.contracts",), "contracts are a vocabulary: marshmallow and msgspec, no I/O", only=("marshmallow", "msgspec")),
        "wire.bus": Room(
            # the Bus hands every unit its directory and its policies
            ("wire.bus", *BUS_CONTRACTS, "wire.directory", "wire.policy"), "the bus knows no service and no event by name"),
        "wire.books": Room(
            ("wire.bus", "wire.directory", "wire.policy", *BUS_CONTRACTS, "wire.contracts.roster"),
            "directory, policies and store know the roster's facts and no service", never=("nameko", "kombu", "amqp")),
        "wire.migrations": Room(
            ("wire.bus", "wire.directory"), "migrations of the bus know tables only", never=("nameko", "kombu", "flask")),
        "S.card": Room((mine,), "a service's card imports nothing but its own service"),
        "S.domain": Room(
            (f"{mine}.domain",), "rules are plain Python: the standard library and their own domain, nothing of the house", only=()),
        "S.usecases": Room(
            # names: sort keys by pypinyin, a library, which the domain may not import
            (f"{mine}.domain", f"{mine}.usecases", f"{mine}.names", "wire.contracts"),
            "use cases are written against the protocols of wire.contracts.ports; unit and clock arrive as arguments",
            never=(*NOT_GREEN, "sqlalchemy", "flask")),
        "S.storage": Room(
            (mine, "wire.contracts", "wire.directory", "wire.policy",
             *(f"wire.bus.{name}" for name in ("unit", "outbox", "inbox", "tables", "prepared", "history"))),
            "storage and projections: SQL, the domain, the contracts; never use cases, queries, doors or the broker",
            never=("nameko", "kombu", "amqp", "flask")),
        "S.queries": Room(
            (f"{mine}.storage", f"{mine}.queries", "wire.contracts", "wire.directory", "wire.bus.tables"),
            "queries read SQL into plain answers and decide nothing", never=("nameko", "kombu", "amqp", "flask")),
        "S.service": Room((mine, "wire"), "a service never imports another service", never=("flask",)),
        "S.settings": Room(
            (f"{mine}.settings", "wire.contracts", "wire.bus.settings"), "settings are read before anything else is there",
            never=(*NOT_GREEN, "sqlalchemy", "flask")),
        "S.migrations": Room(
            ("wire.bus.tables", "wire.directory", f"{mine}.storage"), "a migration changes tables and nothing else",
            never=("nameko", "kombu", "flask")),
        "gateway.rooms": Room(
            (*(f"{mine}.{name}" for name in ("clients", "documents", "identity", "storage", "problems", "summaries", "deeds", "prepared", "pages",
                                            "api", "presets", "jobs", "settings")),
             "wire.store", "wire.contracts", "wire.bus.clock"),
            "pages, api and jobs ask other services through gateway.clients and keep no SQL of their own",
            never=("sqlalchemy", "kombu", "amqp", "nameko")),
        "gateway.door": Room((mine, "wire"), "the gateway imports no other service: it calls them"),
    }


#: rooms of a service by the name of their file or folder; anything else in it is storage or a projection
BY_NAME = {"domain": "S.domain", "usecases": "S.usecases", "queries": "S.queries", "service": "S.service",
           "settings": "S.settings", "migrations": "S.migrations", "__init__": "S.card"}


def room_of(path: PurePosixPath) -> tuple[str, str]:
    """The room a file belongs to and its service ("" in wire); room "" is outside the table."""
    parts = path.with_suffix("").parts
    if parts[0] == "wire" and len(parts) > 1:
        return {"contracts": "wire.contracts", "bus": "wire.bus", "migrations": "wire.migrations",
                "__init__": "wire.contracts"}.get(parts[1], "wire.books"), ""
    if parts[0] == "services" and len(parts) > 2:
        service, name = parts[1], parts[2]
        if service == "gateway" and name in ("pages", "api", "jobs"):
            return "gateway.rooms", service
        if service == "gateway" and name not in ("settings", "migrations"):
            return "gateway.door", service
        return BY_NAME.get(name, "S.storage"), service
    return "", ""


def imported(tree: ast.AST, path: PurePosixPath) -> Iterator[tuple[str, int]]:
    """Everything a file imports, anywhere in it, as dotted names with the name taken from the module."""
    package = path.parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[:len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func).rpartition(".")[2] in ("import_module", "__import__"):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, node.lineno


def imports(path: PurePosixPath, tree: ast.AST) -> Iterator[Finding]:
    """Imports a file's room may not make."""
    name, service = room_of(path)
    if not name:
        return
    room = rooms(service)[name]
    for module, line in imported(tree, path):
        top = module.partition(".")[0]
        if top in OURS:
            upwards = name == "S.storage" and _within(module, tuple(f"services.{service}.{no}" for no in ("usecases", "queries", "service")))
            if upwards or not _within(module, room.house):
                yield Finding("imports", str(path), line, f"imports {module}", room.reason)
        elif top not in sys.stdlib_module_names:
            allowed = top in room.only if room.only is not None else top not in room.never
            if not allowed:
                yield Finding("imports", str(path), line, f"imports {module}", room.reason)


WALL_CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
              "time.gmtime"}
EXEMPT = {
    # the migration environment owns its connection and ends each step's transaction itself; there is no unit yet
    "commit": ("wire/bus/unit.py", "wire/bus/unit/", "wire/migrations/", "wire/bus/migrate.py"),
    "clock": ("wire/bus/clock.py",),
    # deploy builds the environment the processes are started with; pypinyin takes its switches from nowhere else
    "environment": ("wire/bus/settings.py", "deploy/", "tests/", "services/roster/names.py", "services/gateway/identity/local.py"),
    "nameko events": (),
    "float": (),
}


def forbidden(path: PurePosixPath, tree: ast.AST) -> Iterator[Finding]:
    """Words that may stand nowhere, or in one file only."""
    def refuse(rule: str, node: ast.AST, what: str, reason: str) -> Iterator[Finding]:
        if path.parts[0] != "tests" and not str(path).startswith(EXEMPT[rule]):
            yield Finding(rule, str(path), getattr(node, "lineno", 1), what, reason)

    for module, line in imported(tree, path):
        if module.startswith("nameko.events") or module.rpartition(".")[2] in ("EventDispatcher", "event_handler"):
            yield from refuse("nameko events", ast.Pass(lineno=line, col_offset=0), module,
                              "nameko's events lose and double under kill -9: announce through the unit, hear with @subscribe")
        if module in ("time.time", "time.localtime", "time.gmtime"):
            yield from refuse("clock", ast.Pass(lineno=line, col_offset=0), module, "time is asked of wire.bus.clock, once per unit")
        if module in ("os.environ", "os.getenv"):
            yield from refuse("environment", ast.Pass(lineno=line, col_offset=0), module,
                              "the environment is read in wire.bus.settings only, so that every setting has one declaration")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield from refuse("commit", node, "commit()", "only the unit commits: row, history, audit and outbox together")
        if isinstance(node, ast.Attribute):
            name = _name(node)
            if ".".join(name.split(".")[-2:]) in WALL_CLOCK:
                yield from refuse("clock", node, name, "time is asked of wire.bus.clock, once per unit, so that a test can set it")
            if name in ("os.environ", "os.getenv"):
                yield from refuse("environment", node, name,
                                  "the environment is read in wire.bus.settings only, so that every setting has one declaration")
        if path.parts[:2] == ("wire", "contracts"):
            for annotation in _annotations(node):
                if any(isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(annotation)):
                    yield from refuse("float", node, "float", "scores and money are Decimal: a float differs between machines")
            if isinstance(node, ast.Attribute) and node.attr == "Float":
                yield from refuse("float", node, "Float", "scores and money are Decimal: a float differs between machines")
        if isinstance(node, ast.ClassDef):
            yield from _class_name(path, node)


def _class_name(path: PurePosixPath, node: ast.ClassDef) -> Iterator[Finding]:
    door = path.stem == "service" or path.parts[-2:] == ("service", "__init__.py")
    if node.name.startswith("Abstract") or node.name.endswith("Impl") or (node.name.endswith("Service") and not door):
        yield Finding("class name", str(path), node.lineno, f"class {node.name}",
                      "a class is named after the thing, not after its place in a pattern; …Service is the nameko class alone")


BAD_STEMS = {"utils", "util", "helpers", "helper", "common", "base", "core", "manager", "managers", "misc"}
LONGEST = 300


def file_name(path: PurePosixPath) -> Iterator[Finding]:
    if set(path.with_suffix("").parts) & BAD_STEMS:
        yield Finding("file name", str(path), 1, path.name, "a file is named after what it keeps; this name says nothing")


def length(path: PurePosixPath, source: str) -> Iterator[Finding]:
    lines = source.count("\n") + (not source.endswith("\n"))
    if path.suffix == ".py" and lines > LONGEST:
        yield Finding("length", str(path), lines, f"{lines} lines",
                      f"above {LONGEST} lines it becomes a package, cut by what people talk about")


#: a namespace is a name that is never fetched
NAMESPACE = "http://www.w3.org/"
EXTERNAL = re.compile(r"""https?://[^\s"'<>)]*|(?<=["'(=])\s*//[a-zA-Z0-9][^\s"'<>)]*""")


def external(path: PurePosixPath, source: str) -> Iterator[Finding]:
    """Addresses of other machines in what the gateway serves; vendored files are taken as they are."""
    if path.parts[:2] != ("services", "gateway") or "vendor" in path.parts or not {"templates", "static"} & set(path.parts):
        return
    for number, line in enumerate(source.splitlines(), 1):
        for found in EXTERNAL.findall(line):
            if not found.startswith(NAMESPACE):
                yield Finding("external URL", str(path), number, found.strip(),
                              "pages work without the internet and tell nobody who reads them: vendor it")


#: folders of somebody's own machine; in pieces, so that this file does not refuse itself
MACHINE = re.compile(r"(?<![\w.])/(?:" + "|".join(("wo" "rk", "ro" "ot", "fa" "rm", "ho" "me", "Us" "ers")) + r")/")


def machine(path: PurePosixPath, source: str) -> Iterator[Finding]:
    for number, line in enumerate(source.splitlines(), 1):
        if found := MACHINE.search(line):
            yield Finding("machine path", str(path), number, found.group(), "a path of one machine means nothing on another")


def check(path: PurePosixPath, source: str) -> list[Finding]:
    """Everything that is refused in one file."""
    found = [*file_name(path), *length(path, source), *external(path, source), *machine(path, source)]
    if path.suffix == ".py" and path.parts[0] in OURS:
        tree = ast.parse(source, str(path))
        found += [*imports(path, tree), *forbidden(path, tree)]
    return list(dict.fromkeys(found))


def _within(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.AnnAssign, ast.arg)) and node.annotation:
        yield node.annotation
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
        yield node.returns
