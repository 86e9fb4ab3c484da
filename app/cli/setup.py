"""`winnow demo` and `winnow set`."""

from __future__ import annotations

import click

from app.cli.commands import Command
from app.cli.session import Session


@click.command("demo", cls=Command, example="winnow demo --home /tmp/looking-around")
@click.option("--count", type=click.IntRange(30, 2000), default=60, show_default=True, help="How many inquiries.")
@click.option("--seed", type=int, default=1, help="Another number gives other people.")
@click.pass_obj
def demo_command(session: Session, count: int, seed: int) -> None:
    """Fill a new home with made-up inquiries and sources.

    Numbers and domains are reserved for fiction. Somebody can be called at any hour of any day.
    """
    from app.services import demo

    made = demo.fill(session.seat, count=count, seed=seed)
    if session.json:
        session.document({"inquiries": made, "home": str(session.path)})
    else:
        session.out(f"{made} made-up inquiries are in {session.path}. See them with: winnow queue")


@click.command("set", cls=Command, example="winnow set limit-hours 8")
@click.argument("key", required=False)
@click.argument("value", required=False)
@click.pass_obj
def set_command(session: Session, key: str | None, value: str | None) -> None:
    """Change a setting; alone, list all of them.

    calling-hours takes "rules" (each country's own, the default) or hours such as 08:00-20:00, which replace every
    rule of every country.
    """
    from app.services import changing_settings, settings

    if key is not None and value is not None:
        changing_settings.change(session.seat, key, value)
        if key == "calling-hours" and session.seat.settings[key] != "rules":
            session.say("These hours replace the rules of every country: that they are lawful is now up to you.")
    elif key is not None and key not in settings.SETTINGS:
        settings.checked(key, "")
    shown = session.seat.settings.shown()
    if session.json:
        session.document(shown)
        return
    from app.cli.printing import safe, table

    keys = [key] if key is not None else list(shown)
    rows = [(name, safe(shown[name]), settings.SETTINGS[name].says) for name in keys]
    for line in table(("setting", "value", "what it does"), rows):
        session.out(line)
