"""What of an entry of the roll whoever need not know the person is shown (X18): one rule for lists, pages, API and exports."""
from dataclasses import replace

from wire.contracts.roster import MemberView, masked_code, masked_name


def masked(view: MemberView) -> MemberView:
    """The entry without what identifies the person or judges them; what one follows (where, which post, floating) stays."""
    return replace(view, name=masked_name(view.name), code=masked_code(view.code), joined_on=None, full_on=None, standing="normal",
                   standing_on=None, outside_place="", left_because="", masked=True)
