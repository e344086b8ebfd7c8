"""How people of the roll are looked for, wherever they are listed."""
from sqlalchemy import ColumnElement, or_, true

from services.roster.queries.pages import has
from services.roster.storage.members import members
from services.roster.storage.organisations import organisations


def called(search: str) -> ColumnElement[bool]:
    """SQL: members by a part of their name, code or organisation's name, or by the beginning of their pinyin initials; all where
    nothing is looked for."""
    wanted = search.strip()
    if not wanted:
        return true()
    return or_(has(wanted, members.c.name, members.c.code, organisations.c.name),
               members.c.initials.startswith(wanted.lower(), autoescape=True))
