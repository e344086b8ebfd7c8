"""The county office: organisations and members, their import from spreadsheets, grants, accounts and invitations, policies."""
from flask import Blueprint

county = Blueprint("county", __name__, url_prefix="/county")

from services.gateway.pages.county import (  # noqa: E402, F401
    accounts, audit, exports, grants, imports, keys, organisations, people, persons, policies, positions, representatives,
)
