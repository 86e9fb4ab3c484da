"""Deliveries to a local receiver, beside a bare loop of httpx that posts the same bytes."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from app import bootstrap
from app.models.entries import Disposition
from app.services import capture, handoff
from app.services.seat import Seat
from app.services.team import courier
from app.services.team.channels import configured
from app.services.team.channels.wire import Wire
from benchmarks.figure import ROOT, Figure, Scale, figure, note

COUNT, QUICK_COUNT = 10_000, 60
ROUNDS = 10  # of equal size, ours and the floor's in turn
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def run(scale: Scale) -> Iterator[Figure]:
    """The durable way of a delivery: leased, frozen, signed, sent, answered, said in the ledger."""
    count = scale.times(COUNT, QUICK_COUNT)
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(
        [sys.executable, "-m", "benchmarks.deliveries"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as receiver:  # fmt: skip
        assert receiver.stdout is not None
        url = f"http://127.0.0.1:{int(receiver.stdout.readline())}/leads"
        home, _ = bootstrap.create(Path(folder) / "home", passphrase="benchmark", use_keyring=False)
        with home:
            configured.add(home.seat, "CRM", "webhook", {"url": url})
            _decide(home.seat, count)
            yield from _measured(home.seat, url, count)
        receiver.terminate()


def _decide(seat: Seat, count: int) -> None:
    choice = handoff.Choice(reason="so", note="wants a quote by Friday", answers={"need": "problem"})
    for number in range(count):
        made = capture.capture(
            seat,
            capture.CaptureForm(
                first_name="Anna", last_name=f"Abendroth{number}", company=f"Werk {number}", country="DE",
                phone=f"+49302312{number:05d}", email=f"a{number}@werk{number}.example", source="Fair",
            ),
        )  # fmt: skip
        handoff.dispose(seat, made.inquiry_id, Disposition.SELL, choice)


def _measured(seat: Seat, url: str, count: int) -> Iterator[Figure]:
    size = max(1, count // ROUNDS)
    ours: list[float] = []
    below: list[float] = []
    cpu = [0.0, 0.0]
    body = b"x" * 2_000
    with Wire() as wire, httpx.Client() as client:
        while True:
            left = [size]

            def stop(left: list[int] = left) -> bool:
                left[0] -= 1
                return left[0] < 0

            used, began = time.process_time(), time.perf_counter()
            done = courier.deliver_due(seat, wire=wire, stop=stop).delivered
            if not done:
                break
            ours.append((time.perf_counter() - began) * 1000 / done)
            cpu[0] += time.process_time() - used
            used, began = time.process_time(), time.perf_counter()
            for _ in range(done):
                client.post(url, content=body).raise_for_status()
            below.append((time.perf_counter() - began) * 1000 / done)
            cpu[1] += time.process_time() - used
    mine, theirs = (seconds * 1000 / count for seconds in cpu)
    note(f"processor time of a delivery: ours {mine:.2f} ms, floor {theirs:.2f} ms, ratio {mine / theirs:.1f}")
    yield figure(f"a delivery of {count:,}, durable, to a local receiver", ours, below, "ms", "")


def _receive() -> None:
    """Answers every request on one port, until it is ended."""
    import threading

    def serve(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as file:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                length = 0
                while (line := file.readline()) not in {b"\r\n", b""}:
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                if not line:
                    return
                file.read(length)
                connection.sendall(ANSWER)

    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    _receive()
