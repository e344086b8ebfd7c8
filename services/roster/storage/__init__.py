"""What the roster keeps: tables and books by what people talk about.

Rule kept here: whatever a book writes about organisations, members and grants goes into the directory of this database
in the same transaction.
"""
from sqlalchemy import Connection

from services.roster.storage.adoptions import AdoptionBook
from services.roster.storage.grants import GrantBook, PersonBook
from services.roster.storage.members import ActBook, MemberBook
from services.roster.storage.organisations import OrganisationBook
from services.roster.storage.places import AssignmentBook, SystemBook
from services.roster.storage.positions import PositionBook
from services.roster.storage.representatives import RepresentativeBook
from services.roster.storage.sheets import SheetBook
from services.roster.storage.workplaces import WorkplaceBook
from services.roster.storage.zones import ZoneBook


class Books:
    """The books of one transaction."""

    def __init__(self, sql: Connection):
        self.organisations = OrganisationBook(sql)
        self.systems = SystemBook(sql)
        self.workplaces = WorkplaceBook(sql)
        self.assignments = AssignmentBook(sql)
        self.zones = ZoneBook(sql)
        self.members = MemberBook(sql)
        self.acts = ActBook(sql)
        self.grants = GrantBook(sql)
        self.persons = PersonBook(sql)
        self.positions = PositionBook(sql)
        self.representatives = RepresentativeBook(sql)
        self.sheets = SheetBook(sql)
        self.adoptions = AdoptionBook(sql)
