"""As in the tests of the window: see there; and one server for all journeys of teams."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hub.conftest import hub_name, hub_url, server
from tests.journeys.teams import Laptop
from tests.ui.conftest import no_garbage_of_qts

__all__ = ["hub_name", "hub_url", "no_garbage_of_qts", "server"]


@pytest.fixture
def laptop(tmp_path: Path) -> Callable[..., Laptop]:
    """A laptop with a new home: laptop("Ada")."""
    return lambda name, offset=0: Laptop(tmp_path / name, name, offset)
