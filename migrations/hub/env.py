"""Alembic's environment for a hub; whoever migrates hands in the connection, with a transaction open.

The revision is kept in the schema `public` of the hub's database, so that taking the last one down leaves nothing else.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=None, version_table="winnow_version", version_table_schema="public"
)
context.run_migrations()
