"""What a key of the nurture page asks before it acts: which track, which day, which consent. A digit answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.models.consent import CALLS, EMAIL, NEWSLETTER
from app.services.nurture.pages import NurtureView
from app.services.nurture.tracks import Track, wakes_by
from app.ui import callback_times, times
from app.ui.nurture import nurture_words
from app.ui.one_question import OneQuestion
from app.ui.widgets.reason_popup import ReasonPopup

MOST = 8  # tracks with a digit; the ninth is "no track"
DAY = 86_400_000
SPANS = (7, 30, 90, 180, 365)


class NurtureAsking(OneQuestion):
    """Asks one thing at a time in the page's popup.

    Signals:
        track_chosen: its key; empty: none. day_chosen: the moment, ms UTC, or None: until they ask again.
        consent_said: purpose, whether it is given, and how. refused: a sentence about what was typed.
    """

    track_chosen = Signal(str)
    day_chosen = Signal(object)
    consent_said = Signal(str, bool, str)
    refused = Signal(str)

    def __init__(self, popup: ReasonPopup, parent: QObject | None = None) -> None:
        super().__init__(popup, parent)
        self._tracks: dict[str, str] = {}  # what may be typed -> key
        self._day: tuple[str, int, str] = ("", 0, "")
        self._consent: tuple[NurtureView | None, str] = (None, "")

    # another track

    def ask_track(self, title: str, tracks: Sequence[Track], now: int, zone: str, usual_days: int) -> None:
        """Which track; each says when its people wake. Emits `track_chosen`."""
        self._tracks = {word.casefold(): each.key for each in tracks for word in (each.key, each.name)}
        options = [
            (each.key, f"{each.name} · {nurture_words.day(wakes_by(each, now, zone, usual_days), now)}")
            for each in tracks[:MOST]
        ]
        options.append(("", self.tr("No track · %1").replace("%1", times.day(now + usual_days * DAY, now))))
        hint = self.tr("Their day is that of the track; D sets another one.")
        self._ask(self._on_track, title, options, hint=hint, words=self.tr("or the name of another track")
                  if len(tracks) > MOST else "")  # fmt: skip

    def _on_track(self, key: str, words: str) -> None:
        if not words or key:
            self.track_chosen.emit(key)
        elif words.casefold() in self._tracks:
            self.track_chosen.emit(self._tracks[words.casefold()])
        else:
            self.refused.emit(self.tr("There is no track “%1”.").replace("%1", words))

    # another day

    def ask_day(self, title: str, now: int, zone: str) -> None:
        """Until when; emits `day_chosen`."""
        self._day = (title, now, zone)
        texts = (self.tr("In a week"), self.tr("In a month"), self.tr("In 3 months"), self.tr("In half a year"),
                 self.tr("In a year"))  # fmt: skip
        options = [
            (str(days), f"{text} · {times.day(now + days * DAY, now)}") for days, text in zip(SPANS, texts, strict=True)
        ]
        options.append(("never", self.tr("When they ask again")))
        self._ask(self._on_day, title, options, words=self.tr("or a day, such as 2030-06-30 or 90 days"))

    def _on_day(self, key: str, words: str) -> None:
        title, now, zone = self._day
        if key == "never":
            self.day_chosen.emit(None)
            return
        at = now + int(key) * DAY if key else callback_times.read(words, now, zone)
        if at is None:
            self.refused.emit(self.tr("“%1” is no day to come. Type one such as 2030-06-30.").replace("%1", words))
            self.ask_day(title, now, zone)
            return
        self.day_chosen.emit(at)

    # consents

    def ask_consent(self, view: NurtureView) -> None:
        """Which purpose; then how it was given, or taken back. Emits `consent_said`."""
        self._consent = (view, "")
        options = []
        for purpose in (CALLS, EMAIL, NEWSLETTER):
            each, name = view.inquiry.consents.get(purpose), nurture_words.purpose(purpose)
            if each is not None and each.given:
                since = times.day(each.at, view.read_at)
                text = self.tr("Takes back: %1 · agreed %2").replace("%1", name).replace("%2", since)
            else:
                text = self.tr("Agrees to: %1").replace("%1", name)
            options.append((purpose, text))
        title = self.tr("What does %1 agree to?").replace("%1", view.row.name)
        hint = self.tr("Each purpose apart, with its day and how it was said.")
        self._ask(self._on_purpose, title, options, hint=hint)

    def _on_purpose(self, purpose: str, _words: str) -> None:
        view, _ = self._consent
        assert view is not None
        self._consent = (view, purpose)
        before, name = view.inquiry.consents.get(purpose), nurture_words.purpose(purpose)
        if before is not None and before.given:
            title = self.tr("Taken back: %1. How?").replace("%1", name)
        else:
            title = self.tr("Agreed to: %1. How?").replace("%1", name)
        ways = (self.tr("said on the call"), self.tr("wrote an e-mail"), self.tr("signed a form"),
                self.tr("clicked a link"))  # fmt: skip
        hint = self.tr("It is kept with today's date, as the proof.")
        self._ask(self._on_how, title, [(way, way) for way in ways], hint=hint, words=self.tr("or how, in words"))

    def _on_how(self, key: str, words: str) -> None:
        view, purpose = self._consent
        assert view is not None
        before = view.inquiry.consents.get(purpose)
        self.consent_said.emit(purpose, before is None or not before.given, key or words)
