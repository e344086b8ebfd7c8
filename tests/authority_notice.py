"""For the authority matrix: a valid request of every call of notice, aimed at a given organisation.  All are for the public."""
from tests.fakes_notice import pledge
from wire.contracts.notice import ReadBoard, ReadBoardPledge, ReadBoards, ReadBoardServing, ReadCounty


def _board(house, organisation_id):
    return ReadBoard(organisation_id=organisation_id, year=2026)


def _pledge(house, organisation_id):
    house.hear(pledge(pledge_id=f"plg_{organisation_id}", organisation_id=organisation_id))
    return ReadBoardPledge(pledge_id=f"plg_{organisation_id}")


def _county(house, organisation_id):
    return ReadCounty(year=2026)


FACTORIES = {ReadBoard: _board, ReadBoardPledge: _pledge, ReadCounty: _county,
             ReadBoardServing: lambda house, organisation_id: ReadBoardServing(pledge_id="plg_1", item_id="itm_1"),
             ReadBoards: lambda house, organisation_id: ReadBoards(organisation_id=organisation_id, year=2026)}
