"""The shared hub: made, joined, watched and left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import paths
from app.services.errors import Refused
from app.services.team import connecting

if TYPE_CHECKING:
    from alembic.config import Config


def prepare(url: str, *, ca: Path | None = None, revision: str = "head") -> str:
    """Make the database where it is absent and its schema this version's; returns the database's name.

    Raises:
        HubUnreachable: no server answers. HubRefused: this login may not do it.
        Refused: the server is older than PostgreSQL 14, or the database is full of something else.
    """
    options = connecting.safe(connecting.options_of(url), ca)
    _create_database(options)
    migrate(options, revision)
    return options["dbname"]


def _create_database(options: dict[str, str]) -> None:
    from psycopg import sql

    with connecting.connect({**options, "dbname": "postgres"}) as connection, connecting.in_words():
        if connection.info.server_version < 140000:
            raise Refused("This server is older than PostgreSQL 14.", todo="Use a newer one.")
        name = options["dbname"]
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
            )


def migrate(options: dict[str, str], revision: str) -> None:
    """Run the hub's migrations up to a revision, or down to it, in one transaction."""
    from alembic import command
    from sqlalchemy import create_engine, pool

    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: _with_transactions(options), poolclass=pool.NullPool
    )
    with connecting.in_words(), engine.begin() as connection:
        config = _config(connection)
        if revision == "base" or revision.startswith("-"):
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)


def _with_transactions(options: dict[str, str]) -> Any:
    connection = connecting.connect(options)
    connection.autocommit = False
    return connection


def _config(connection: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(paths.migrations() / "hub").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
