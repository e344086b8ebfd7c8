# as: services/gateway/pages/branch.py; refused: imports
import sqlalchemy as sa
