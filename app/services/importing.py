"""Importing lists: each row is new, updates or joins somebody known, is skipped or refused; a preview says which.

Rows go in by small transactions, so that a caller never waits behind an import, and a cancelled or killed one leaves
a store that is whole. The same row never enters twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from app.models.columns import MappingError, apply_mapping, mapping_of
from app.services import sources
from app.services.errors import EnvironmentFailed, Refused, ServiceError
from app.services.import_terms import Fate, FileReport, ImportOptions, ImportReport, Progress, RowFate
from app.services.known_people import Comer, KnownPeople, Rehearsal, comer_of, keys_met
from app.services.reading import ImportedRow, Refusal, RowReader, Source, open_source
from app.services.row_fates import Decision, decide
from app.services.seat import Changed, Seat
from app.services.store.connection import Overtaken

BATCH = 100  # rows of one transaction: it holds others up for some ten milliseconds at most
ALONE = 500  # rows that are decided at once while nobody else has the home open, and so nobody waits
TOGETHER_S = 3.0  # how long such batches share one transaction: who opens the home meanwhile waits five seconds
SHOWN = 500  # rows of each fate that a report carries
REASONS = 1000  # refused and skipped rows that a report names
Tell = Callable[[Progress], None]


def import_files(
    seat: Seat, files: Sequence[Path], options: ImportOptions, tell: Tell | None = None,
    cancelled: Callable[[], bool] | None = None, alone: Callable[[], bool] | None = None,
) -> ImportReport:  # fmt: skip
    """Take lists in, or with `dry_run` say what would become of each row.

    `alone` says whether nobody else has the home open: larger transactions are then several times as fast.

    Raises:
        FileRefused: a file is no list; those before it are in.
        Refused: the mapping names a column that is not there, or the source has no name.
        EnvironmentFailed: a file cannot be read, or the disk is full; whole rows before it are in.
    """
    if not " ".join(options.source.split()):
        raise Refused("An import needs a source: where these inquiries come from.", todo="Name it with --source.")
    options = msgspec.structs.replace(options, source=sources.spelled(seat, options.source))
    started = time.monotonic()
    known = Rehearsal(seat) if options.dry_run else KnownPeople(seat, alone)
    reports: list[FileReport] = []
    known.open()
    try:
        for path in files:
            one = _Import(seat, known, path, options, tell, cancelled)
            if not options.dry_run:
                sources.define(seat, options.source)
            reports.append(one.run())
            if cancelled and cancelled():
                break
    finally:
        known.close()
    changed = Changed(frozenset(), frozenset({"imported"}), seat.holder) if not options.dry_run else Changed()
    return ImportReport(
        files=tuple(reports),
        seconds=round(time.monotonic() - started, 3),
        cancelled=bool(cancelled and cancelled()),
        changed=changed,
    )


class _Import:
    """One file on its way in."""

    def __init__(
        self, seat: Seat, known: KnownPeople, path: Path, options: ImportOptions, tell: Tell | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:  # fmt: skip
        self._seat, self._known, self._options = seat, known, options
        self._region = options.region or seat.settings["region"]
        self._source = _opened(path, self._region, options)
        self._tell, self._cancelled = tell, cancelled
        self._counts = dict.fromkeys(Fate, 0)
        self._rows: list[RowFate] = []
        self._reasons: list[tuple[int, str]] = []

    def run(self) -> FileReport:
        """Every batch of the file; stops between two when cancelled."""
        source = self._source
        batches = _Batches(self._read(source))
        while not (batches.ended or self._stopped()):
            with self._known.together() as most:
                batches.size = ALONE if most else BATCH
                until, taken = time.monotonic() + TOGETHER_S, 0
                for batch in batches:
                    self._take(batch)
                    taken += len(batch)
                    if self._tell:
                        self._tell(self._progress())
                    if self._stopped() or taken >= most or time.monotonic() >= until:
                        break
        if batches.error:
            raise batches.error
        return FileReport(
            file=str(source.path),
            kind=source.kind,
            encoding=source.encoding,
            delimiter=source.delimiter,
            header_row=source.header_row,
            language=source.language,
            columns=tuple(source.columns),
            mapping=mapping_of(source.columns),
            counts=self._counts,
            rows=tuple(sorted(self._rows, key=lambda row: row.line)),
            reasons=tuple(sorted(self._reasons)),
        )

    def _stopped(self) -> bool:
        return bool(self._cancelled and self._cancelled())

    def _read(self, source: Source) -> Iterator[ImportedRow | Refusal]:
        read = RowReader(
            source.columns,
            region=self._region,
            day_first=source.day_first,
            zone=ZoneInfo(self._seat.settings["zone"]),
            now=self._seat.now(),
        )
        for raw in source.rows():
            yield raw if isinstance(raw, Refusal) else read(raw)

    def _take(self, batch: list[ImportedRow | Refusal]) -> None:
        """Small transactions; a row that shares a key with an earlier one of its batch waits for the next of them."""
        for row in batch:
            if isinstance(row, Refusal):
                self._note(row, Decision(Fate.REFUSED, row.reason))
        waiting = [comer_of(row) for row in batch if isinstance(row, ImportedRow)]
        while waiting:
            part, later, met = list[Comer](), list[Comer](), set[str]()
            for comer in waiting:
                keys = keys_met(comer)
                (part if met.isdisjoint(keys) else later).append(comer)
                met |= keys
            waiting = later
            for comer, decision in zip(part, self._decided(part), strict=True):
                self._note(comer.row, decision)

    def _decided(self, part: list[Comer]) -> list[Decision]:
        """One transaction; who is overtaken by somebody else's writing decides anew, with the store to itself."""
        try:
            with self._known.taking() as taking:
                return decide(taking, part, self._options)
        except Overtaken:
            with self._known.taking(patient=True) as taking:
                return decide(taking, part, self._options)

    def _note(self, row: ImportedRow | Refusal, decision: Decision) -> None:
        fate = decision.fate
        self._counts[fate] = count = self._counts[fate] + 1
        if count <= SHOWN:
            self._rows.append(_shown(row, decision))
        if (fate is Fate.REFUSED or fate is Fate.SKIPPED) and len(self._reasons) < REASONS:
            self._reasons.append((row.line, decision.why))

    def _progress(self) -> Progress:
        source = self._source
        return Progress(
            file=source.name,
            rows=sum(self._counts.values()),
            bytes_done=source.position,
            bytes_total=source.total_bytes,
            counts=dict(self._counts),
        )


class _Batches:
    """Batches, one after the other; an error in the file waits until the rows before it are in."""

    def __init__(self, rows: Iterator[ImportedRow | Refusal]) -> None:
        self._rows = rows
        self.size = BATCH
        self.ended = False
        self.error: ServiceError | None = None

    def __iter__(self) -> Iterator[list[ImportedRow | Refusal]]:
        return self

    def __next__(self) -> list[ImportedRow | Refusal]:
        batch: list[ImportedRow | Refusal] = []
        try:
            batch.extend(islice(self._rows, self.size))
        except ServiceError as error:
            self.ended, self.error = True, error
        if not batch:
            self.ended = True
            raise StopIteration
        return batch


def _opened(path: Path, region: str, options: ImportOptions) -> Source:
    try:
        source = open_source(path, region=region)
    except OSError as error:
        raise EnvironmentFailed(
            f"{path} cannot be read: {error.strerror or error}.", kept="Nothing of it was imported."
        ) from error
    if options.mapping:
        try:
            source.columns = apply_mapping(source.columns, options.mapping)
        except MappingError as error:
            raise Refused(str(error), kept="Nothing was imported.") from error
    return source


def _shown(row: ImportedRow | Refusal, decision: Decision) -> RowFate:
    if isinstance(row, Refusal):
        return RowFate(line=row.line, fate=decision.fate, name="", company="", number="", why=decision.why)
    person = row.person
    hidden = decision.hides
    phones = person.phones or ()
    return RowFate(
        line=row.line,
        fate=decision.fate,
        name="" if hidden else f"{person.first_name or ''} {person.last_name or ''}".strip(),
        company="" if hidden else person.company or "",
        number="" if hidden or not phones else phones[0].e164 or phones[0].raw,
        why=decision.why,
        warned=decision.warned,
    )
