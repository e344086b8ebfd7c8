# as: services/pledge/domain/pledge.py; refused: 
from decimal import Decimal

from services.pledge.domain.item import Item


def total(items: list[Item]) -> Decimal:
    return sum((item.points for item in items), Decimal(0))
