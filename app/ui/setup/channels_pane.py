"""Setup, Channels: where leads are delivered, how that goes, a test, and what was given up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.services.seat import Changed
from app.ui import fonts
from app.ui.opening import Opening
from app.ui.setup.channel_form import SHOWN_HEIGHT, ChannelForm, in_words
from app.ui.theme import size
from app.ui.widgets.card import Card
from app.ui.widgets.chip import Chip
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.key_button import KeyButton
from app.ui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from app.services.errors import ServiceError
    from app.services.seat import Seat
    from app.services.team.channels.configured import Standing
    from app.services.team.trying import Tried
    from app.ui.tasks import Tasks

CHANNELS = Changed(kinds=frozenset({"channel"}), by="channels")
KINDS = {"webhook": "Webhook", "http": "HTTP", "hubspot": "HubSpot", "email": "E-mail", "folder": "Folder"}


class ChannelsPane(QWidget):
    """Reads what is configured; a test goes out on a thread of its own."""

    def __init__(self, seat: Seat, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._tasks = seat, tasks
        self._cards: list[_ChannelCard] = []
        self._trying = Opening(self)
        self._trying.opened.connect(self._on_tried)
        self._trying.failed.connect(self._on_not_tried)
        self._trying.crashed.connect(tasks.crashed)
        self._tried: _ChannelCard | None = None
        self.form = ChannelForm(self)
        self.form.hide()
        self.add = KeyButton(self.tr("Add a channel…"), kind="primary")
        self._said = WrappedLabel(ink="ink_2", parent=self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        words = self.tr(
            "Each sell or nurture is delivered at once to the systems in which sales and marketing work. What is "
            "taken back is delivered as a correction, an erasure as a request to erase."
        )
        self._column.addWidget(WrappedLabel(words, ink="ink_2"))
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addWidget(self._said)
        self._column.addWidget(self.form)
        self._column.addStretch(1)
        self._said.hide()
        self.add.clicked.connect(self._on_add)
        self.form.previewed.connect(self._on_previewed)
        self.form.saved.connect(self._on_saved)
        self.form.cancelled.connect(self._on_cancelled)
        tasks.changed.connect(self._on_changed)
        self.setFocusProxy(self.add)
        self.read()

    @Slot()
    def read(self) -> None:
        """Reads every channel and how it goes."""
        self._tasks.read(_standings, key="channels", then=self._on_standings)

    def cards(self) -> list[_ChannelCard]:
        """The channels that are shown, by name."""
        return [card for card in self._cards if not card.isHidden()]

    def _on_standings(self, standings: list[Standing]) -> None:
        while len(self._cards) < len(standings):
            card = _ChannelCard(self)
            card.test.clicked.connect(partial(self._on_test, len(self._cards)))
            card.switch.clicked.connect(partial(self._on_switch, len(self._cards)))
            card.replay.clicked.connect(partial(self._on_replay, len(self._cards)))
            card.remove.clicked.connect(partial(self._on_remove, len(self._cards)))
            self._cards.append(card)
            self._column.insertWidget(self._column.count() - 1, card)
        for card, standing in zip(self._cards, standings, strict=False):
            card.show_standing(standing)
            card.show()
        for card in self._cards[len(standings) :]:
            card.hide()

    # a new one

    @Slot()
    def _on_add(self) -> None:
        self.form.begin()
        self.form.show()
        self.add.hide()
        self._said.hide()
        self.form.setFocus()

    @Slot()
    def _on_cancelled(self) -> None:
        self.form.hide()
        self.add.show()
        self.add.setFocus()

    @Slot(object)
    def _on_previewed(self, filled: dict[str, Any]) -> None:
        self._tasks.read(_previewed, filled, key="channel-preview", then=self.form.show_tried, failed=self._on_wrong)

    @Slot(object)
    def _on_saved(self, filled: dict[str, Any]) -> None:
        self._tasks.act(_added, filled, then=self._on_added, failed=self._on_wrong)

    def _on_wrong(self, error: ServiceError) -> None:
        self.form.show_wrong(str(error))

    def _on_added(self, made: tuple[str, str]) -> None:
        name, secret = made
        self._on_cancelled()
        words = self.tr("✓ %1 gets what is decided from now on.").replace("%1", name)
        if secret:
            words += " " + self.tr("Give the receiver this secret, which is shown once: %1").replace("%1", secret)
        self._said.set(words)
        self._said.show()
        self._tasks.tell(CHANNELS)
        self.read()

    # one that is there

    def _on_test(self, place: int, _checked: bool = False) -> None:
        card = self._cards[place]
        if self._trying.busy():
            return
        self._tried = card
        card.say(self.tr("Sending somebody made up…"))
        self._trying.begin(partial(_sample, self._seat, card.name))

    @Slot(object)
    def _on_tried(self, tried: Tried) -> None:
        if self._tried is not None:
            self._tried.show_tried(tried)

    @Slot(object)
    def _on_not_tried(self, error: ServiceError) -> None:
        if self._tried is not None:
            self._tried.say(f"⚠ {error}")

    def _on_switch(self, place: int, _checked: bool = False) -> None:
        card = self._cards[place]
        self._tasks.act(_switched, card.name, not card.enabled, then=self._on_done)

    def _on_replay(self, place: int, _checked: bool = False) -> None:
        self._tasks.act(_replayed, self._cards[place].name, then=self._on_done)

    def _on_remove(self, place: int, _checked: bool = False) -> None:
        card = self._cards[place]
        if card.asked_twice():
            self._tasks.act(_removed, card.name, then=self._on_done)

    def _on_done(self, _nothing: object) -> None:
        self._tasks.tell(CHANNELS)
        self.read()

    @Slot(object, object)
    def _on_changed(self, changed: Changed, _origin: object) -> None:
        if changed.kinds & {"channel", "delivered", "disposed", "reviewed", "undone"}:
            self.read()


class _ChannelCard(Card):
    """One channel: what it takes, how it goes, and what can be done with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.enabled = "", True
        self._sure = False
        self._title = ElidedLabel(pixels=size("body"), weight=600, parent=self)
        self._what = ElidedLabel(pixels=size("secondary"), ink="ink_2", parent=self)
        self._chip = Chip(parent=self)
        self._problem = WrappedLabel(ink="late", parent=self)
        self._said = WrappedLabel(ink="ink_2", parent=self)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(fonts.scaled(SHOWN_HEIGHT))
        self.test = KeyButton(self.tr("Send a test"))
        self.replay = KeyButton(self.tr("Try again what was given up"))
        self.switch = KeyButton()
        self.remove = KeyButton(self.tr("Remove…"), kind="quiet")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title, 1)
        head.addWidget(self._chip)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.test, self.replay, self.switch, self.remove):
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 16, 22, 18)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self._what, self._problem, self._said, self._text):
            column.addWidget(part)
        column.addLayout(foot)
        self._said.hide()
        self._text.hide()

    def show_standing(self, standing: Standing) -> None:
        """How it stands now."""
        channel, counts = standing.channel, standing.deliveries
        if channel.name != self.name:
            self._said.hide()
            self._text.hide()
        self.name, self.enabled, self._sure = channel.name, standing.enabled, False
        self.setAccessibleName(channel.name)
        waiting, failed = counts.get("waiting", 0) + counts.get("delivering", 0), counts.get("failed", 0)
        self._title.set(f"{channel.name} · {KINDS.get(channel.kind, channel.kind)}")
        to = channel.settings.get("url") or channel.settings.get("host") or channel.settings.get("path") or ""
        takes = " + ".join(channel.dispositions)
        done = self.tr("%1 delivered, %2 waiting").replace("%1", f"{counts.get('delivered', 0):,}")
        self._what.set(f"{takes} · {to} · {done.replace('%2', f'{waiting:,}')}")
        if not standing.enabled:
            self._chip.set(self.tr("off"), "plain")
        elif failed:
            self._chip.set(self.tr("%1 given up").replace("%1", f"{failed:,}"), "over")
        else:
            self._chip.set(self.tr("delivering") if waiting else self.tr("up to date"), "soon" if waiting else "fine")
        self._problem.set(f"⚠ {standing.problem}" if standing.problem else "")
        self._problem.setVisible(bool(standing.problem))
        self.replay.setVisible(bool(failed))
        self.switch.set_words(self.tr("Switch off") if standing.enabled else self.tr("Switch on"))
        self.remove.set_words(self.tr("Remove…"))

    def say(self, sentence: str) -> None:
        """How a test goes."""
        self._said.set(sentence)
        self._said.show()

    def show_tried(self, tried: Tried) -> None:
        """What was sent, and what the receiver said."""
        reply = tried.reply
        if reply is not None:
            received = reply.outcome == "received"
            number = self.tr(", their number is %1").replace("%1", reply.number) if reply.number else ""
            self.say(self.tr("✓ They have received it") + number if received else f"⚠ {reply.why or reply.outcome}")
        self._text.setPlainText("\n\n".join(in_words(tried)))
        self._text.show()

    def asked_twice(self) -> bool:
        """Whether removing was pressed a second time."""
        if not self._sure:
            self._sure = True
            self.remove.set_words(self.tr("Really remove"))
            return False
        return True


# run on the writer's or reader's thread


def _standings(seat: Seat) -> list[Standing]:
    from app.services.team.channels import configured

    return configured.standings(seat.store)


def _with_json(filled: dict[str, Any]) -> dict[str, Any]:
    """The texts of the form as a channel takes them."""
    import msgspec

    from app.services.errors import Refused

    settings = dict(filled["settings"])
    if "header" in settings:
        name, _, value = settings.pop("header").partition("=")
        settings["headers"] = {name.strip(): value.strip()}
    if isinstance(settings.get("body"), str):
        try:
            settings["body"] = msgspec.json.decode(settings["body"])
        except msgspec.DecodeError as error:
            raise Refused(f"The template is no JSON: {error}.") from error
    if "to" in settings:
        settings["to"] = [part.strip() for part in settings["to"].split(",") if part.strip()]
    return {**filled, "settings": settings}


def _previewed(seat: Seat, filled: dict[str, Any]) -> Tried:
    from app.services.team import trying
    from app.services.team.channels import configured
    from app.services.team.channels.packet import sample

    channel, secrets = configured.prepared(seat, **_with_json({**filled, "name": filled["name"] or "New"}))
    return trying.shown(channel, secrets, sample(seat), seat.now())


def _added(seat: Seat, filled: dict[str, Any]) -> tuple[str, str]:
    from app.services.team.channels import configured

    made = configured.add(seat, **_with_json(filled))
    new = made.kind == "webhook" and not filled["secrets"].get("secret")
    return made.name, configured.secrets_of(seat, made.name)["secret"] if new else ""


def _sample(seat: Seat, name: str) -> Tried:
    from app.services.team import trying

    return trying.send_sample(seat, name)


def _switched(seat: Seat, name: str, on: bool) -> None:
    from app.services.team.channels import configured

    configured.switch(seat, name, on)


def _replayed(seat: Seat, name: str) -> int:
    from app.services.team import deliveries

    return deliveries.replay(seat, name)


def _removed(seat: Seat, name: str) -> int:
    from app.services.team.channels import configured

    return configured.remove(seat, name)
