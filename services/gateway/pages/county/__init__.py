"""The county office: organisations and members, their import from spreadsheets, grants, accounts and invitations."""
from flask import Blueprint

county = Blueprint("county", __name__, url_prefix="/county")

from services.gateway.pages.county import accounts, grants, imports, roll  # noqa: E402, F401
