"""The schema of a hub on its PostgreSQL server: made, and brought to this version's, by the migrations under hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app import paths
from app.services.errors import Refused
from app.services.team import connecting


def prepare(url: str, *, ca: Path | None = None, revision: str = "head") -> str:
    """Make the database where it is absent and its schema this version's; returns the database's name.

    Raises:
        HubUnreachable: no server answers. HubRefused: this login may not do it.
        Refused: the server is older than PostgreSQL 14.
    """
    options = connecting.safe(connecting.options_of(url), ca)
    _create_database(options)
    migrate(options, revision)
    return options["dbname"]


def _create_database(options: dict[str, str]) -> None:
    from psycopg import sql

    with connecting.talking({**options, "dbname": "postgres"}) as connection:
        if connection.info.server_version < 140000:
            raise Refused("This server is older than PostgreSQL 14.", todo="Use a newer one.")
        name = options["dbname"]
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            create = "CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0"
            connection.execute(sql.SQL(create).format(sql.Identifier(name)))


def migrate(options: dict[str, str], revision: str) -> None:
    """Run the hub's migrations up to a revision, or down to it, in one transaction.

    Raises:
        HubUnreachable: the server failed. HubRefused: this login may not do it. Nothing is changed then.
    """
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, exc, pool

    def connect() -> Any:
        made = connecting.connect(options)
        made.autocommit = False
        return made

    engine = create_engine("postgresql+psycopg://", creator=connect, poolclass=pool.NullPool)
    config = Config()
    config.set_main_option("script_location", str(paths.migrations() / "hub").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with connecting.in_words():
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                if revision == "base" or revision.startswith("-"):
                    command.downgrade(config, revision)
                else:
                    command.upgrade(config, revision)
        except exc.DBAPIError as error:
            raise (error.orig or error) from error
