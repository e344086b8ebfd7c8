"""The desk of a branch 党支部: what is to be done today, pledges from draft to board, evaluation, ranking."""
from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk")

from services.gateway.pages.branch import appraisal, draft, evaluation, exemptions, items, ledger, pledge, ranking, review, today  # noqa: E402, F401
