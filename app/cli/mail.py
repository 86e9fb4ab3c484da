"""`winnow mail`: a short e-mail after a call that reached nobody."""

from __future__ import annotations

import click

from app.cli.commands import Command
from app.cli.session import Session


@click.command("mail", cls=Command, example="winnow mail 0199a3f2 --template voicemail")
@click.argument("id", metavar="ID")
@click.option("--template", default="voicemail", show_default=True, help="Which text.")
@click.option("--language", default="", help="Such as en; else theirs.")
@click.option("--send", is_flag=True, help="Send it through the mail server of an e-mail channel.")
@click.option("--channel", default="", help="Which e-mail channel; else the first.")
@click.option("--log", is_flag=True, help="It went out through your mail program: log it.")
@click.pass_obj
def mail_command(session: Session, id: str, template: str, language: str, send: bool, channel: str, log: bool) -> None:
    """Write a short e-mail from a template; alone it shows the text and the address for your mail program."""
    from app.services import mailing

    seat = session.seat
    mail = mailing.write(seat, session.inquiry(id), template, language=language)
    if send:
        mailing.send(seat, mail, channel)
    elif log:
        mailing.mailed(seat, mail)
    if session.json:
        session.document({
            "to": mail.to, "subject": mail.subject, "text": mail.text, "mailto": mail.url, "sent": send,
            "logged": send or log,
        })  # fmt: skip
        return
    session.out(f"To: {mail.to}\nSubject: {mail.subject}\n\n{mail.text}")
    session.out("Sent, and logged." if send else "Logged." if log else mail.url)
