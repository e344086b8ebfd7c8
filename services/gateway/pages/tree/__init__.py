"""The tree of organisations and what stands beside it: systems, elections, new units, contact points, zones."""
from flask import Blueprint

tree = Blueprint("tree", __name__, url_prefix="/tree")

from services.gateway.pages.tree import assignments, elections, organisation, shaping, systems, workplaces, zones  # noqa: E402, F401
