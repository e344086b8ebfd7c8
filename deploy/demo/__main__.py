"""The process that holds the gateway on the first start of a demonstration: serves, and loads the county meanwhile.

    python -m deploy.demo SERVICE…        as deploy.process; what was loaded stands in county.json
"""
import eventlet

eventlet.monkey_patch()

import sys

import structlog

from deploy import process
from deploy.demo.load import load
from deploy.folder import Folder

log = structlog.get_logger("deploy.demo")


class Demonstration(process.Process):
    """A process of the house that loads the county once its services run."""

    def _start(self) -> None:
        super()._start()
        if not self.stopping and "accounts" not in Folder(self.settings.data).county:
            eventlet.spawn(self._load)

    def _load(self) -> None:
        folder = Folder(self.settings.data)

        def told(progress: str) -> None:
            folder.county = {**folder.county, "progress": progress}

        try:
            loaded = load(self.settings, told)
            folder.county = {**folder.county, "progress": "已装完。", **loaded}
        except Exception as error:
            log.error("demonstration failed", exc_info=error)
            self.died = "demonstration"


if __name__ == "__main__":
    sys.exit(process.main(sys.argv[1:], Demonstration))
