"""The doors of representatives; the only ones that hold the vault their phones are sealed with."""
from services.roster import usecases
from wire.bus.calls import answers
from wire.bus.sealing import Sealing
from wire.contracts.roster import (
    ChangeRepresentative, EndRepresentative, ListRepresentatives, ReadRepresentativePhone, RegisterRepresentative,
)


class RepresentativeDoors:
    vault = Sealing()

    @answers(RegisterRepresentative)
    def register_representative(self, unit, request):
        return usecases.register_representative(unit, request, self.vault)

    @answers(ChangeRepresentative)
    def change_representative(self, unit, request):
        return usecases.change_representative(unit, request, self.vault)

    @answers(EndRepresentative)
    def end_representative(self, unit, request):
        return usecases.end_representative(unit, request, self.vault)

    @answers(ListRepresentatives)
    def list_representatives(self, unit, request):
        return usecases.list_representatives(unit, request, self.vault)

    @answers(ReadRepresentativePhone)
    def read_representative_phone(self, unit, request):
        return usecases.read_representative_phone(unit, request, self.vault)
