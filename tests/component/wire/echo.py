"""A service of the tests' own, so that the bus is tried without the rules of a real one."""
from typing import ClassVar

import eventlet

from wire.bus.calls import answers
from wire.bus.service import Bus
from wire.contracts import calls
from wire.contracts.actor import Actor, HeldGrant, Reach
from wire.contracts.calls import NotFound
from wire.contracts.shape import shape, text


def declared(name, **options):
    """Declare a call of the tests, and keep it out of the house's vocabulary."""
    def declare(cls):
        made = calls.call(name, **options)(cls)
        del calls.registry[name]
        return made
    return declare


@shape
class Said:
    words: str
    times: int = 0


@declared("echo.read", reply=Said, grants=calls.PUBLIC)
class Read:
    words: str = text(2_000_000)


@declared("echo.list", reply=tuple[Said, ...], grants=calls.PUBLIC)
class List:
    words: tuple[str, ...] = ()


@declared("echo.write", reply=Said, grants=calls.grants(secretary=Reach.OWN), writes=True)
class Write:
    words: str = text(20)
    organisation_id: str = "org_1"


@declared("echo.wait", reply=Said, grants=calls.grants(secretary=Reach.OWN), writes=True)
class Wait:
    milliseconds: int


@declared("echo.journal", reply=Said, grants=calls.SERVICES)
class Journal:
    words: str


class Unready(Exception):
    """As the domain writes its refusals: nothing of the house imported."""

    code, status, errors = "unready", 409, {"words": ["太早了。"]}

    def __init__(self, sentence):
        self.sentence = sentence
        super().__init__(sentence)


class Echo:
    name = "echo"
    bus = Bus(lambda sql: None)
    #: what was done, in the order it was; what was begun of what takes its time
    done: ClassVar[list[str]] = []
    begun: ClassVar[list[int]] = []

    @answers(Read)
    def read(self, unit, request):
        if request.words == "nothing":
            raise NotFound("没有找到，请返回列表重新打开。")
        return Said(words=request.words)

    @answers(List)
    def list(self, unit, request):
        return tuple(Said(words=words) for words in request.words)

    @answers(Write)
    def write(self, unit, request):
        unit.permit(request.organisation_id)
        self.done.append(request.words)
        if request.words == "unready":
            raise Unready("还没有到时间，请明天再提交。")
        if request.words == "broken":
            raise ValueError("13812345678 is in this message")
        return Said(words=request.words, times=len(self.done))

    @answers(Wait)
    def wait(self, unit, request):
        unit.permit("org_1")
        self.begun.append(request.milliseconds)
        eventlet.sleep(request.milliseconds / 1000)
        self.done.append("waited")
        return Said(words="waited")

    @answers(Journal)
    def journal(self, unit, request):
        return Said(words=request.words)


SECRETARY = Actor(kind="person", person_id="per_1", name="书记", member_id="mem_1", address="127.0.0.1", grants=(
    HeldGrant(grant_id="grt_1", role="secretary", organisation_id="org_1"),))
CLERK = Actor(kind="person", person_id="per_2", name="材料员", grants=(
    HeldGrant(grant_id="grt_2", role="clerk", organisation_id="org_1"),))
