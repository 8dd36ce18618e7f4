"""A load generator for one kind of request: several keep-alive connections in one loop, so that the server is measured
and not the client. Bounded in requests, and only ever sent to 127.0.0.1."""

import selectors
import socket
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What a run measured: requests a second, and latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


def run_load(port: int, request: bytes, *, connections: int, requests: int) -> Load:
    """Sends the same request over and over. Raises RuntimeError for any answer but 200."""
    selector = selectors.DefaultSelector()
    sent: dict[int, float] = {}
    for _ in range(connections):
        sock = socket.create_connection(("127.0.0.1", port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(sock, selectors.EVENT_READ, bytearray())
        _send(sock, request, sent)
    latencies: list[float] = []
    begin = time.perf_counter()
    while len(latencies) < requests:
        for key, _ in selector.select(timeout=10):
            if _complete(key.fileobj, key.data):  # type: ignore[arg-type]
                latencies.append(time.perf_counter() - sent[key.fd])
                _send(key.fileobj, request, sent)  # type: ignore[arg-type]
    seconds = time.perf_counter() - begin
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    selector.close()
    latencies.sort()
    return Load(
        len(latencies) / seconds, latencies[len(latencies) // 2] * 1000, latencies[int(len(latencies) * 0.99)] * 1000
    )


def _send(sock: socket.socket, request: bytes, sent: dict[int, float]) -> None:
    sent[sock.fileno()] = time.perf_counter()
    sock.sendall(request)


def _complete(sock: socket.socket, data: bytearray) -> bool:
    data += sock.recv(65536)
    head, found, body = bytes(data).partition(b"\r\n\r\n")
    if not found:
        return False
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the server answered {head[:60]!r}")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    if len(body) < length:
        return False
    data.clear()
    return True
