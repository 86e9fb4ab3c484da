"""The protocols by which leads reach the systems of sales and marketing: one file each."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from app.services.errors import Refused

if TYPE_CHECKING:
    from app.models.deliveries import Channel
    from app.services.team.channels.base import Carrier

KINDS = {
    "webhook": "webhook",
    "http": "http_template",
    "hubspot": "hubspot",
    "email": "mail",
    "folder": "folder",
}
"""Each kind with its module, which has `checked(settings, secrets)`, `carrier(channel, secrets)` and `SECRETS`."""


def carrier_of(channel: Channel, secrets: dict[str, str]) -> Carrier:
    """Whoever speaks the channel's protocol, with the channel's secrets.

    Raises:
        Refused: a newer Winnow made this kind of channel, or a secret is missing.
    """
    made: Carrier = module_of(channel.kind).carrier(channel, secrets)
    return made


def module_of(kind: str) -> Any:
    """The module of a kind.

    Raises:
        Refused: there is no such kind.
    """
    name = KINDS.get(kind)
    if name is None:
        raise Refused(f"There is no channel of the kind {kind}.", todo=f"Kinds are: {', '.join(KINDS)}.")
    return importlib.import_module(f"{__name__}.{name}")
