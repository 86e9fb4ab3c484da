"""As in the tests of the window: see there."""

from tests.ui.conftest import no_garbage_of_qts

__all__ = ["no_garbage_of_qts"]
