"""The whole house in one process, with somebody at work inside it: embedded, there is no other way in for a test.

Killed and started again, it goes on where its journal ends: what was asked and not answered is asked again under its key.
"""
import os
from random import Random
from time import time

import eventlet

from deploy.process import Process
from tests.faults.house import SECRETARY
from tests.faults.ledger import Journal, read
from tests.faults.writers import units
from wire.bus.calls import shared
from wire.contracts.calls import Away, Remote
from wire.contracts.pledge import PublishPledges

PAUSE, UNIT, DEADLINE = 0.03, 20, 5.0


class Inside(Process):
    """``JIANNUO_FAULTS_WRITES``: how many pledges, and the seed of their units."""

    def _start(self) -> None:
        super()._start()
        eventlet.spawn(self._write, *map(int, os.environ["JIANNUO_FAULTS_WRITES"].split()))

    def _write(self, count: int, seed: int) -> None:
        journal, caller = Journal(self.settings.data / "accepted.jsonl"), shared(self.settings)
        done = {line["key"] for line in read(journal.file) if line["what"] == "accepted"}
        for _, ids in units([f"plg_{n:08d}" for n in range(count)], Random(seed), UNIT):
            key = f"unit {ids[0]}"
            if key in done:
                continue
            journal.write("asked", key=key, pledges=ids)
            while True:
                try:
                    reply = caller.call(SECRETARY, PublishPledges(pledge_ids=tuple(ids)), key=key, deadline=DEADLINE)
                    break
                except (Away, Remote) as refusal:
                    if refusal.status != 503:
                        journal.write("surprise", key=key, code=refusal.code)
                        return
                    eventlet.sleep(0.1)
            journal.write("accepted", key=key, pledges=ids, already=reply.already, version=5, at=time())
            eventlet.sleep(PAUSE)
