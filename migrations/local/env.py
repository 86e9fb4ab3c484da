"""Alembic's environment for the local store; whoever migrates hands in the connection, with a transaction open."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=None)
context.run_migrations()
