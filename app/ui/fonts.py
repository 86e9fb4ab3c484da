"""Inter in the sizes and weights of the screens, made once each.

Inter comes as one variable font: Qt does not choose its weights by `setWeight`, so the axes are set by hand. In dark
the ordinary weight is a little lighter, since light strokes on a dark ground come out bolder.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import ceil

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

WEIGHT = QFont.Tag("wght")
OPTICAL_SIZE = QFont.Tag("opsz")
TABULAR = QFont.Tag("tnum")
DARK_WEIGHT = 380  # for 400: the ink of the target pictures (measured 0.95 of it; 300 gave 0.77, 400 gave 1.01)
OPTICAL_RANGE = (14, 32)  # what Inter's axis covers, in pixels

_dark = False
_scale = 1.0


def set_form(*, dark: bool, scale: float | None = None) -> None:
    """Which theme the weights are for, and the size of all texts (1.0 = 100 %)."""
    global _dark, _scale  # noqa: PLW0603 - belongs to the one look of the application
    _dark = dark
    if scale is not None:
        _scale = scale


def scale() -> float:
    """The chosen size of texts; 1.0 is 100 %."""
    return _scale


def scaled(pixels: float) -> int:
    """A length that grows with the texts, in whole pixels."""
    return round(pixels * _scale)


@cache
def family() -> str:
    """Inter's family name as Qt knows it; the file is read when this is asked first.

    Raises:
        FileNotFoundError: the package fontpkg-inter is incomplete.
    """
    import fontpkg_inter

    # ROOT is where the package says its files are; `fontpkg.path` says the same after 60 ms of looking at all packages.
    file = fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf"
    number = QFontDatabase.addApplicationFont(str(file))
    found = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not found:
        raise FileNotFoundError(f"the font {file} cannot be read; install Winnow again")
    return found[0]


def font(pixels: int, weight: int = 400, *, tabular: bool = False) -> QFont:
    """Inter at a size in pixels at 100 % and a weight of 300 to 700; `tabular` makes all figures equally wide."""
    return _font(round(pixels * _scale), DARK_WEIGHT if _dark and weight == 400 else weight, tabular)


def metrics(pixels: int, weight: int = 400, *, tabular: bool = False) -> QFontMetricsF:
    """The measures of `font` in light: dark's are a little narrower, and nothing moves on a switch."""
    return _metrics(round(pixels * _scale), weight, tabular)


@lru_cache(maxsize=256)
def _font(pixels: int, weight: int, tabular: bool) -> QFont:
    made = QFont(family())
    made.setPixelSize(pixels)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setVariableAxis(WEIGHT, weight)
    made.setVariableAxis(OPTICAL_SIZE, min(max(pixels, OPTICAL_RANGE[0]), OPTICAL_RANGE[1]))
    if tabular:
        made.setFeature(TABULAR, 1)
    return made


@lru_cache(maxsize=256)
def _metrics(pixels: int, weight: int, tabular: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(pixels, weight, tabular))


def height(pixels: int) -> int:
    """The height of one line of text, in whole pixels."""
    return ceil(metrics(pixels).height())
