"""The terminal: parse, call one service, print. It exits with 0 done, 2 usage, 3 refused, 4 environment, 1 a bug."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

import app
from app.cli.commands import LazyGroup
from app.cli.session import Session
from app.services.errors import EnvironmentFailed, ServiceError

DONE, BUG, USAGE, REFUSED, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 4, 130

WHERE = {
    "demo": "setup", "set": "setup", "import": "capture", "capture": "capture", "edit": "capture", "queue": "queue",
    "find": "queue", "next": "queue", "show": "queue", "call": "calls", "skip": "calls", "dispose": "calls",
    "undo": "calls", "object": "calls", "lift": "calls", "leads": "sales", "review": "sales", "close": "sales",
    "assign": "sales", "lead-rules": "sales", "reassign": "team",
    "source": "marketing", "results": "marketing", "script": "scripts", "scorecard": "scripts", "erase": "privacy",
    "part": "privacy", "export": "privacy", "backup": "care", "restore": "care", "doctor": "care", "shift": "shift",
    "channel": "channels", "courier": "courier", "answers": "answers", "mail": "mail",
    "tracks": "nurture", "nurture": "nurture", "wake": "nurture", "put-off": "nurture", "consent": "nurture",
    "hub": "hub", "sync": "sync", "pack": "packs", "carry": "carry",
}  # fmt: skip


def _version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"winnow {app.__version__}")
        context.exit()


winnow = LazyGroup(
    name="winnow",
    where={name: f"app.cli.{module}" for name, module in WHERE.items()},
    help="The desk at which inquiries become leads. Alone, without a command, winnow opens its window.",
    example="winnow queue --first 10",
)
winnow.params.append(
    click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version,
                 help="Which Winnow this is.")
)  # fmt: skip


def main(argv: list[str]) -> int:
    """Run one command; returns the exit code and raises nothing."""
    session = Session()
    try:
        return _run(session, argv)
    except BrokenPipeError:
        _quiet()
        return DONE
    finally:
        with suppress(ServiceError, OSError):
            session.close()


def _run(session: Session, argv: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    try:
        words = [_as_text(word) for word in argv]
        code = winnow.main(args=words, prog_name="winnow", standalone_mode=False, obj=session)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.UsageError as error:
        return _usage(session, argv, error)
    except click.ClickException as error:
        return _fail(session, argv, USAGE, "usage", error.format_message())
    except (click.Abort, KeyboardInterrupt) as stop:
        return _fail(session, argv, INTERRUPTED, "interrupted", str(stop) or "Interrupted.")
    except EnvironmentFailed as error:
        refused = error.code == "hub_refused"  # the network works, and the answer is no
        return _fail(session, argv, REFUSED if refused else ENVIRONMENT, error.code, str(error))
    except ServiceError as error:
        return _fail(session, argv, REFUSED, error.code, str(error))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - everything that is no ServiceError is a bug, and is logged
        return _unexpected(session, argv, error)


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")


def _as_text(word: str) -> str:
    """A word of the command line; in a locale without UTF-8 it arrives as bytes in disguise.

    Raises:
        UsageError: it is no text, and names no file that is there.
    """
    if not any("\ud800" <= sign <= "\udfff" for sign in word) or Path(word).exists():
        return word
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError as error:
        raise click.UsageError("An argument is not written in UTF-8.") from error


def _usage(session: Session, argv: list[str], error: click.UsageError) -> int:
    sentence = error.format_message()
    as_json = session.json or "--json" in argv
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        if not as_json:
            session.say(sentence)
            return USAGE
        sentence = "Name a command."
    elif not as_json and error.ctx is not None:
        session.say(error.ctx.get_usage())
        sentence += f" Try `{error.ctx.command_path} --help`."
    return _fail(session, argv, USAGE, "usage", sentence)


def _fail(session: Session, argv: list[str], code: int, name: str, sentence: str) -> int:
    if session.json or "--json" in argv:
        session.document({"error": {"code": name, "sentence": sentence}})
        sys.stdout.flush()
    else:
        session.say(f"winnow: {sentence}")
    return code


def _unexpected(session: Session, argv: list[str], error: Exception) -> int:
    """The system's own errors are the system's; the rest is a bug, and its trace names no person."""
    if os.environ.get("WINNOW_DEBUG"):
        raise error
    known = _from_system(error)
    if known is not None:
        return _fail(session, argv, ENVIRONMENT, known.code, str(known))
    from app import crash_report

    sentence = f"Something went wrong in Winnow itself ({type(error).__name__}); nothing was changed."
    if session.path.is_dir():
        crash_report.keep(session.path, crash_report.report(error))
        sentence += f" {session.path / crash_report.FILE} says where."
    return _fail(session, argv, BUG, "bug", sentence)


def _from_system(error: Exception) -> EnvironmentFailed | None:
    if isinstance(error, OSError):
        about = f" ({error.filename})" if error.filename else ""
        return EnvironmentFailed(f"The system refused: {error.strerror or 'unknown error'}{about}.")
    if type(error).__module__.split(".")[0] in {"sqlcipher3", "sqlite3"} and type(error).__name__ in {
        "OperationalError",
        "DatabaseError",
    }:
        from app.services.store.connection import failed

        return failed(error)
    return None


def _quiet() -> None:
    """Whoever read our output has stopped: nothing more is written to it, not even at the end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
