"""What a draft may start from, told before and while it is written."""
from services.pledge.usecases.linking import servable
from wire.contracts.pledge import Guide, ReadGuide
from wire.contracts.ports import Unit


def read_guide(unit: Unit, request: ReadGuide) -> Guide:
    """For a member's draft the published items of the organisation and of those above it, which its own may serve (A13)."""
    unit.permit(request.organisation_id, member_id=request.member_id)
    if not request.member_id:
        return Guide()
    return Guide(servable=servable(unit, request.organisation_id, request.year))
