"""Ids that every computer makes alike, without asking another."""

from __future__ import annotations

import uuid

from app.models.entries import Id
from app.models.folding import fold_text

NAMESPACE = uuid.UUID("7f0d6f5e-6d0e-5b8f-9a51-3d1f5f6f2c11")


def source_id(name: str) -> Id:
    """The subject of a source: the same on every device for the same name."""
    return uuid.uuid5(NAMESPACE, f"source:{fold_text(name)}").hex


def letter_id(channel: str, cause: Id) -> str:
    """How a delivery is called, for ever."""
    return f"msg_{uuid.uuid5(NAMESPACE, f'delivery:{channel.casefold()}:{cause}').hex}"
