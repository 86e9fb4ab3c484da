"""Colours, type and icons come from one place each, and a switch is quick."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QCheckBox

from app import paths
from app.ui import fonts, icons, keys, look, painting, sheet, theme

UI = Path(__file__).resolve().parents[2] / "app" / "ui"
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink_2", "ink_3") for ground in ("panel", "bg")],
    *[(name, "panel") for name in ("accent", "sell", "nurture", "discard", "late")],
    *painting.TONES.values(),
    *[("on_accent", name) for name in ("accent", "sell", "nurture", "discard")],
    ("ink", "accent_soft"), ("ink_2", "accent_soft"), ("rail_ink", "rail"),
]  # fmt: skip


def luminance(colour: QColor) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_no_colour_is_written_outside_the_tokens():
    found = [
        f"{file.relative_to(UI)}:{number}: {line.strip()}"
        for file in UI.rglob("*.py")
        if file.name != "tokens.py"
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if HEX.search(line) or re.search(r"QColor\(\s*[\"'\d]", line)
    ]
    assert not found, found


@pytest.mark.parametrize("which", [theme.Theme.LIGHT, theme.Theme.DARK])
def test_every_pair_of_words_and_ground_can_be_read(qapp, which):
    look.apply(qapp, which)
    weak = {pair: round(contrast(theme.colour(pair[0]), theme.colour(pair[1])), 2) for pair in PAIRS}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < 4.5}


def test_both_themes_name_the_same_meanings(qapp):
    light = set(theme.names())
    look.apply(qapp, theme.Theme.DARK)
    assert light == set(theme.colours(theme.Theme.DARK))


def test_the_palette_follows_the_theme(qapp):
    look.apply(qapp, theme.Theme.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Base) == theme.colour("panel")
    assert luminance(qapp.palette().color(QPalette.ColorRole.Base)) < 0.1
    look.apply(qapp, theme.Theme.LIGHT)
    assert luminance(qapp.palette().color(QPalette.ColorRole.Base)) > 0.9


def test_an_unknown_meaning_is_refused():
    with pytest.raises(KeyError):
        theme.colour("pink")


def test_weights_of_inter_differ_and_tabular_figures_are_equally_wide():
    assert fonts.family() == "Inter"
    widths = [
        QFontMetricsF(fonts.font(20, weight)).horizontalAdvance("Decides") for weight in (300, 400, 500, 600, 700)
    ]
    assert widths == sorted(set(widths))
    tabular = QFontMetricsF(fonts.font(14, tabular=True))
    assert tabular.horizontalAdvance("11:11") == pytest.approx(tabular.horizontalAdvance("00:00"))


def test_texts_grow_with_the_chosen_size(qapp):
    look.apply(qapp, theme.Theme.LIGHT, 1.5)
    assert fonts.font(14).pixelSize() == 21
    assert qapp.font().pixelSize() == 21


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_is_painted_in_the_colour_that_is_asked_for(qapp, name):
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    icons.paint(painter, name, image.rect().toRectF(), theme.colour("late"))
    painter.end()
    strongest = max((image.pixelColor(x, y) for x in range(20) for y in range(20)), key=QColor.alpha)
    assert strongest.alpha() > 60
    assert abs(strongest.hue() - theme.colour("late").hue()) < 8


def test_the_drawings_of_the_sheet_have_the_colours_of_their_theme():
    kept = {file.name: file.read_bytes() for file in (paths.resources() / sheet.FOLDER).iterdir()}
    assert kept == sheet.drawings(), "run: python tools/look_drawings.py"


@pytest.mark.parametrize("shown", [theme.Theme.LIGHT, theme.Theme.DARK])
def test_a_ticked_box_shows_the_drawing_of_its_theme_wherever_winnow_lies(qapp, qtbot, monkeypatch, tmp_path, shown):
    odd = tmp_path / "a folder (2)"
    shutil.copytree(paths.resources() / sheet.FOLDER, odd / sheet.FOLDER)
    monkeypatch.setattr(paths, "resources", lambda: odd)
    look.apply(qapp, shown)
    box = QCheckBox()
    qtbot.addWidget(box)
    box.setChecked(True)
    box.resize(40, 40)
    image = box.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {theme.colour("on_accent").name(), theme.colour("accent").name()} <= seen


def test_no_key_is_bound_twice_on_a_page_and_the_window():
    for page, bound in keys.PAGES.items():
        sequences = [key.sequence for key in bound.values()]
        if page != "window":
            sequences += [key.sequence for key in keys.WINDOW.values()]
        assert len(sequences) == len(set(sequences)), page
