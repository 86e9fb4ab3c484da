"""Reads a store as its key's holder could, page by page, without SQLite: free pages and gaps between cells too."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.services.made_up import KEY

PAGE, RESERVE, IV, SALT = 4096, 80, 16, 16
WAL_HEADER, FRAME_HEADER = 32, 24


def decrypted(page: bytes, *, first: bool) -> bytes:
    """One page of SQLCipher 4 under a raw key: AES-256-CBC, its IV in the reserve; page 1 begins with the salt."""
    start = SALT if first else 0
    iv = page[PAGE - RESERVE : PAGE - RESERVE + IV]
    decryptor = Cipher(algorithms.AES256(KEY), modes.CBC(iv)).decryptor()
    return decryptor.update(page[start : PAGE - RESERVE]) + decryptor.finalize()


def everything_in(home: Path) -> bytes:
    """Every byte of the database and of its write-ahead log, in the clear."""
    file = (home / "winnow.db").read_bytes()
    found = [decrypted(file[at : at + PAGE], first=at == 0) for at in range(0, len(file), PAGE)]
    log = home / "winnow.db-wal"
    frames = log.read_bytes()[WAL_HEADER:] if log.exists() else b""
    for at in range(0, len(frames), FRAME_HEADER + PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        page = frames[at + FRAME_HEADER : at + FRAME_HEADER + PAGE]
        if len(page) == PAGE:
            found.append(decrypted(page, first=number == 1))
    assert found[0][100 - SALT :].strip(b"\x00"), "the first page was read"
    return b"".join(found)


def gaps_in(home: Path) -> bytes:
    """What lies between the cell pointers and the cells of every b-tree page of the database: belonging to nothing."""
    file, found = (home / "winnow.db").read_bytes(), []
    for at in range(0, len(file), PAGE):
        page = (b"" if at else bytes(SALT)) + decrypted(file[at : at + PAGE], first=at == 0)
        head = 0 if at else 100
        if page[head] in {
            2,
            5,
            10,
            13,
        }:  # SQLite file format, section 1.6: interior and leaf pages of indexes and tables
            cells, content = (int.from_bytes(page[head + n : head + n + 2], "big") for n in (3, 5))
            found.append(page[head + (12 if page[head] in {2, 5} else 8) + 2 * cells : content])
    return b"\n".join(found)
