"""What pledge shows page by page: the list of pledges, the ledger 践诺台账, the exemptions 免诺.  SQL in, lines out.

What an actor may not see is never selected.
"""
from services.pledge.queries.among import pledged_among
from services.pledge.queries.exemptions import list_exemptions
from services.pledge.queries.ledger import read_ledger
from services.pledge.queries.pledges import list_pledges
from services.pledge.queries.serving import list_serving

__all__ = ["list_exemptions", "list_pledges", "list_serving", "pledged_among", "read_ledger"]
