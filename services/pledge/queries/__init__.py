"""What pledge shows page by page: the list of pledges, the ledger 践诺台账.  SQL in, lines out.

What an actor may not see is never selected.
"""
from services.pledge.queries.among import pledged_among
from services.pledge.queries.ledger import read_ledger
from services.pledge.queries.pledges import list_pledges

__all__ = ["list_pledges", "pledged_among", "read_ledger"]
