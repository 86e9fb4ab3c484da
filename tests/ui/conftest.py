"""Every test of the window begins with the light theme at 100 % text."""

from __future__ import annotations

import pytest

from app.ui import theme


@pytest.fixture(autouse=True)
def look(qapp):
    theme.apply(qapp, theme.Theme.LIGHT, 1.0)
    yield
    theme.apply(qapp, theme.Theme.LIGHT, 1.0)
