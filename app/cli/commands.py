"""What every command of the terminal shares: `--home` and `--json` in any place, and help that shows an example."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.cli.session import Session


def _home(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        session: Session = context.obj
        session.given = value


def _json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        session: Session = context.obj
        session.json = True


def everywhere() -> list[click.Parameter]:
    """The options that are understood before and after the name of a command."""
    return [
        click.Option(
            ["--home"], metavar="DIR", expose_value=False, callback=_home, help="The home to work in (or WINNOW_HOME)."
        ),
        click.Option(
            ["--json"], is_flag=True, expose_value=False, callback=_json, help="One JSON document on standard output."
        ),
    ]


class Command(click.Command):
    """A command that shows an example in its help."""

    def __init__(self, *args: Any, example: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += everywhere()
        self.epilog = f"\b\nExample:\n  {example}"


class Group(click.Group):
    """Commands under one name, such as `winnow script`."""

    command_class = Command

    def __init__(self, *args: Any, example: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params += everywhere()
        self.epilog = f"\b\nExample:\n  {example}"


class LazyGroup(Group):
    """Commands that are imported when they are asked for; `where` names the module of each."""

    def __init__(self, *args: Any, where: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._where = where

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work."""
        return list(self._where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, from its module."""
        where = self._where.get(cmd_name)
        if where is None:
            return None
        found = getattr(importlib.import_module(where), f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(found, click.Command)
        return found
