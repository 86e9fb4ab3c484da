"""One window for each home: a second start brings the first to the front and ends.

The lock is a file in the home, so that a first start pays for no network module; only whoever finds it taken, and the
first window once it is painted, opens a local socket.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal, Slot

LOCK = "window.lock"
PATIENCE_MS = 3_000  # how long a second start waits for the first, which may just be painting
RAISE = b"raise\n"


def _name(home: Path) -> str:
    import getpass
    import hashlib

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = ""
    return "winnow-" + hashlib.blake2b(f"{user}:{home.resolve()}".encode(), digest_size=12).hexdigest()


class SingleInstance(QObject):
    """Holds the home's window, or finds who does.

    Signals:
        asked: another start wants this window at the front.
    """

    asked = Signal()

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self._lock = QLockFile(str(home / LOCK))
        self._lock.setStaleLockTime(0)  # by the process alone, never by age: a shift lasts longer than half a minute
        self._server: QObject | None = None

    def is_first(self) -> bool:
        """Whether this process has the home's window from now on; where no lock can be made, yes."""
        return self._lock.tryLock(0) or self._lock.error() is not QLockFile.LockError.LockFailedError

    def listen(self) -> None:
        """From now on hears of other starts; to be called after the first paint."""
        from PySide6.QtNetwork import QLocalServer

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_name(self._home))  # left by a process that was killed: we hold the lock
        server.newConnection.connect(self._on_connection)
        server.listen(_name(self._home))
        self._server = server

    def ask_first(self) -> bool:
        """Asks the first window to come to the front; False when nobody answers in time."""
        import time

        from PySide6.QtNetwork import QLocalSocket

        end = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < end:
            socket = QLocalSocket()
            socket.connectToServer(_name(self._home))
            if socket.waitForConnected(200):
                socket.write(RAISE)
                done = socket.waitForBytesWritten(500)
                socket.disconnectFromServer()
                return bool(done)
            time.sleep(0.05)  # the lock is taken, the socket not open yet
        return False

    def close(self) -> None:
        """Lets go of the home's window."""
        if self._server is not None:
            self._server.close()  # type: ignore[attr-defined]
            self._server = None
        self._lock.unlock()

    @Slot()
    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()  # type: ignore[union-attr]
        socket.disconnected.connect(socket.deleteLater)
        self.asked.emit()
