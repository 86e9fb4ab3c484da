"""Trying a channel: what exactly would be sent, and what the receiver says to a lead that there is not."""

from __future__ import annotations

import msgspec

from app.models.deliveries import Channel
from app.models.entries import Id
from app.services.errors import NotFound
from app.services.seat import Seat
from app.services.team import deliveries
from app.services.team.channels import carrier_of
from app.services.team.channels.base import Carrier, Letter, Reply, Shown
from app.services.team.channels.configured import named, secrets_of
from app.services.team.channels.packet import About, Packet, packet, sample
from app.services.team.channels.wire import Wire


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown, and what came of it."""

    channel: str
    shown: tuple[Shown, ...]  # each request or message, secrets masked
    reply: Reply | None = None  # None: it was only looked at


def preview(seat: Seat, name: str, inquiry_id: Id = "") -> Tried:
    """Exactly what a channel would be told about an inquiry, or about somebody made up; nothing is sent.

    Raises:
        NotFound: there is no such channel, or nothing was decided about the inquiry.
        Refused: the channel's secret is not to be had.
    """
    channel = named(seat.store, name)
    return shown(channel, secrets_of(seat, channel.name), _about(seat, inquiry_id), seat.now())


def shown(channel: Channel, secrets: dict[str, str], made: Packet, at: int) -> Tried:
    """The same for a channel that is not kept yet: a form may show it before it is saved."""
    carrier, letter = _letter(channel, secrets, made, at)
    return Tried(channel=channel.name, shown=tuple(carrier.preview(letter)))


def send_sample(seat: Seat, name: str, *, wire: Wire | None = None) -> Tried:
    """Send somebody made up, at once and once; takes as long as the receiver does, so not on the window's own thread.

    Raises:
        NotFound: there is no such channel. Refused: its secret is not to be had.
    """
    channel = named(seat.store, name)
    carrier, letter = _letter(channel, secrets_of(seat, channel.name), sample(seat), seat.now())
    found, own = tuple(carrier.preview(letter)), wire or Wire()
    try:
        return Tried(channel=channel.name, shown=found, reply=carrier.deliver(letter, own))
    finally:
        if wire is None:
            own.close()


def _letter(channel: Channel, secrets: dict[str, str], made: Packet, at: int) -> tuple[Carrier, Letter]:
    carrier = carrier_of(channel, secrets)
    letter = Letter(
        channel=channel.name, cause=f"{at:032x}" if made.test else made.decision, lead=made.id, what=made.what,
        body=b"", replaces=made.replaces, at=at,
    )  # fmt: skip
    if made.test:  # another one each time: a receiver that remembers the last test would ignore this one
        made = msgspec.structs.replace(made, decision=letter.cause, root=letter.cause)
    return carrier, msgspec.structs.replace(letter, body=carrier.freeze(made, letter))


def _about(seat: Seat, inquiry_id: Id) -> Packet:
    if not inquiry_id:
        return sample(seat)
    made = deliveries.of_inquiry(seat, inquiry_id)
    if made:
        last = made[-1]
        replaces, _ = deliveries.told_before(seat.store, last)
        return packet(seat, About(lead=last.lead, cause=last.cause, what=last.what, replaces=replaces, root=last.root))
    inquiry = seat.inquiry(inquiry_id)
    if not inquiry.decision:
        raise NotFound(
            "Nothing was decided about this inquiry yet.", todo="Leave the inquiry out to see a made-up one."
        )
    what = inquiry.disposition.value if inquiry.disposition else "withdrawn"
    what = what if what in {"sell", "nurture"} else "withdrawn"
    return packet(seat, About(lead=inquiry.id, cause=inquiry.decision, what=what))
