"""Takes what was erased out of the places of the file that no query shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.store.connection import Store

MAIN_INDEX = b"0"  # FTS5 writes it before each term of the main index; prefix indexes have two letters alone


def sweep(store: Store) -> bool:
    """Leave nothing of deleted rows in full text, gaps and log; False while other processes are busy.

    FTS5 keeps the beginning of a term as a signpost between pages after the term itself was securely deleted, and
    SQLite keeps copies of cells that moved to a neighbouring page. About 2 s for each 100 MB.
    """
    with store.writing():
        if _has_orphans(store):
            store.writer.execute("INSERT INTO search_words(search_words) VALUES('rebuild')")
    return store.sweep()


def _has_orphans(store: Store) -> bool:
    """Whether a signpost names a word that nobody has any more."""
    for (term,) in store.query("SELECT term FROM search_words_idx WHERE term <> x''"):
        found = bytes(term)
        if not found.startswith(MAIN_INDEX):
            continue
        word = found[1:].decode("utf-8", "ignore").replace('"', '""').replace("\x00", "")
        if word and not store.one("SELECT 1 FROM search_words WHERE search_words MATCH ? LIMIT 1", (f'"{word}" *',)):
            return True
    return False
