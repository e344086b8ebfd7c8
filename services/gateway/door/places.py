"""Names of organisations and members for the screen, out of the gateway's own copy of the roster.  What is decided is decided elsewhere."""
from collections.abc import Mapping
from typing import Any

from services.gateway.storage import Store
from services.gateway.storage.places import Begun


class Places:
    """Asked by id; an organisation this copy has not heard of yet is None."""

    def __init__(self, store: Store):
        self._store = store
        self._county = ""

    def organisation(self, organisation_id: str) -> Mapping[str, Any] | None:
        with self._store.reading() as unit:
            return unit.directory.organisation(organisation_id)

    def member(self, member_id: str) -> Mapping[str, Any] | None:
        with self._store.reading() as unit:
            return unit.directory.member(member_id)

    def branches(self, search: str, limit: int) -> list[Mapping[str, Any]]:
        """Active branches and party groups of the county whose name or code holds these words, in tree order."""
        with self._store.reading() as unit:
            return unit.books.places.branches(search, limit)

    def adoption(self, version: str, organisation_id: str) -> Mapping[str, Any] | None:
        """The adoption by which results at the organisation carry this version; None for one this copy has not heard of."""
        with self._store.reading() as unit:
            return unit.books.places.adoption(version, organisation_id)

    def called(self, name: str, most: int) -> list[str]:
        """The ids of organisations, members and other people whose name holds these words or whose code this is, those who left and
        ended too."""
        with self._store.reading() as unit:
            return unit.books.places.called(name, most)

    def coded(self, code: str) -> str:
        """The id of the member with this code; empty for none."""
        with self._store.reading() as unit:
            return unit.books.places.coded(code)

    def person_name(self, person_id: str) -> str:
        """What somebody is called who is no member; empty where nobody told."""
        with self._store.reading() as unit:
            return unit.books.places.person_name(person_id)

    def begun(self) -> Begun:
        """How far a new county is."""
        with self._store.reading() as unit:
            return unit.books.places.begun(unit.now)

    def county_name(self) -> str:
        """The county as it stands beside 践诺: the root of the tree, without 委.  Empty before it is founded."""
        if not self._county:
            with self._store.reading() as unit:
                root = unit.books.places.root()
            self._county = root["name"] if root else ""
        return self._county.removeprefix("中共").removesuffix("委员会").removesuffix("委")
