"""Every test of the window begins with the light theme at 100 % text, and leaves no garbage of Qt's.

Python frees a cycle on whichever thread allocates, and Qt ends the process when a timer goes on a foreign one: what a
test leaves behind is collected here, on the main thread, before a thread of another test can come upon it.
"""

from __future__ import annotations

import gc

import pytest

from app.ui import look, theme


@pytest.fixture(autouse=True)
def light(qapp):
    look.apply(qapp, theme.Theme.LIGHT, 1.0)
    yield
    look.apply(qapp, theme.Theme.LIGHT, 1.0)


@pytest.fixture(autouse=True)
def no_garbage_of_qts():
    yield
    gc.enable()
    gc.collect()
