# as: wire/migrations/env.py; refused: imports
import nameko
