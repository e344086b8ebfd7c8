"""How a migration runs: on the connection that ``wire.bus.migrate`` opened and will end."""
from alembic import context

connection = context.config.attributes["connection"]
# SQLite cannot alter a table in place: alembic copies it
context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
context.run_migrations()
