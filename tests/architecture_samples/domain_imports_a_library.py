# as: services/pledge/domain/pledge.py; refused: imports
import structlog
