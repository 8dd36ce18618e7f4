"""The practice Twilio as a server: Twilio's Calls API over HTTP, on this machine's own address only, and its threads.

The shapes (paths, fields, errors, pages) are Twilio's, so that its official library works against it unchanged. A few
threads answer requests, a few others take the calls on; a held answer and a waiting call cost no thread.
"""

import heapq
import itertools
import json
import logging
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, HTTPServer
from operator import eq, ge, le
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from ivr.errors import SpinelineError
from ivr.practice.account import Account, CallRecord, Form, Mishap, RefusalError

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
ANSWERING = 32
"""Threads that answer requests."""
PAGE_SIZE, LARGEST_PAGE = 50, 1000
BODY_BYTES = 64 * 1024
IDLE_SECONDS = 30
"""How long a connection may say nothing."""
Job = Callable[[], None]


class UnsettledError(SpinelineError):
    """Calls or callbacks were still under way when the time for them was over, or one of them failed here."""


class Timetable:
    """Runs jobs when they are due, on `workers` threads.

    A job that starts another does so before it ends, so the end of all jobs is the end of all calls.
    """

    def __init__(self, workers: int) -> None:
        self._lock = threading.Lock()
        self._due: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        self._running, self._stopped = 0, False
        self._change, self._quiet = threading.Condition(self._lock), threading.Condition(self._lock)
        self._faults: list[Exception] = []
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]

    def start(self) -> None:
        """Begins to work."""
        for thread in self._threads:
            thread.start()

    def run_later(self, seconds: float, job: Job) -> None:
        """Runs a job after so many seconds; at once for 0."""
        with self._lock:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), job))
            self._change.notify()

    def settle(self, timeout: float) -> None:
        """Waits until nothing is left to do, at most `timeout` seconds. Raises UnsettledError."""
        with self._lock:
            settled = self._quiet.wait_for(lambda: not self._due and not self._running, timeout)
            left, faults = len(self._due) + self._running, tuple(self._faults)
        if faults:
            raise UnsettledError("The practice Twilio itself failed; its log says where.") from faults[0]
        if not settled:
            raise UnsettledError(f"After {timeout:g} s, {left} calls and callbacks are still under way.")

    def stop(self) -> None:
        """Ends the threads; what is not yet due is forgotten."""
        with self._lock:
            self._stopped = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while job := self._take_next():
            try:
                job()
            except Exception as error:
                log.exception("A practice call failed")
                self._faults.append(error)
            with self._lock:
                self._running -= 1
                self._quiet.notify_all()

    def _take_next(self) -> Job | None:
        with self._lock:
            while not self._stopped:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._running += 1
                    # The thread that was woken for this job may not be the only thread that has work now.
                    self._change.notify()
                    return heapq.heappop(self._due)[2]
                self._change.wait(wait)
        return None


@dataclass(frozen=True)
class Answer:
    """What a request gets, after `wait` seconds. `lost`: DROPPED or SILENT, in place of it."""

    status: int
    body: Mapping[str, object]
    wait: float = 0.0
    lost: Mishap | None = None


class Api:
    """Twilio's Calls API for one account. `start` is told of each call that was accepted."""

    def __init__(self, sid: str, token: str, account: Account, start: Callable[[CallRecord], None]) -> None:
        self._sid, self._account, self._start = sid, account, start
        self._credentials = f"Basic {b64encode(f'{sid}:{token}'.encode()).decode()}"
        self._root = f"/2010-04-01/Accounts/{sid}/Calls"

    def answer(self, method: str, target: str, body: str, authorization: str) -> Answer:
        """Answers one request; refusals are in Twilio's form."""
        url = urlsplit(target)
        form = parse_qs(url.query if method == "GET" else body, keep_blank_values=True)
        if not compare_digest(authorization.encode(), self._credentials.encode()):
            return _refuse(RefusalError(401, 20003, "Authenticate"))
        try:
            return self._route(method, url.path, form)
        except RefusalError as no:
            return _refuse(no)

    def _route(self, method: str, path: str, form: Form) -> Answer:
        if path == f"{self._root}.json":
            return self._create(form) if method == "POST" else Answer(200, self._write_page(form))
        place = re.fullmatch(rf"{self._root}/(CA[0-9a-f]{{32}})\.json", path)
        if not place:
            raise RefusalError(404, 20404, f"The requested resource {path} was not found")
        record = self._account.tell(place[1], form) if method == "POST" else self._account.find_call(place[1])
        return Answer(200, self._write_call(record))

    def _create(self, form: Form) -> Answer:
        to = _read_first(form, "To")
        posts = self._account.arrive(to)
        struck = {mishap for mishap in OF_POSTS if self._account.strike(mishap, to, posts)}
        wait = self._account.troubles.slow_seconds if Mishap.SLOW in struck else 0.0
        try:
            return self._accept(form, struck, wait)
        except RefusalError as no:
            return _refuse(no, wait)

    def _accept(self, form: Form, struck: set[Mishap], wait: float) -> Answer:
        if Mishap.REFUSED in struck:
            raise RefusalError(429, 20429, "Too Many Requests")
        if Mishap.BROKEN_BEFORE in struck:
            raise RefusalError(500, 20500, "Internal Server Error")
        record = self._account.accept(form)
        self._start(record)
        if Mishap.BROKEN_AFTER in struck:
            raise RefusalError(500, 20500, "Internal Server Error")
        lost = next((mishap for mishap in (Mishap.DROPPED, Mishap.SILENT) if mishap in struck), None)
        return Answer(201, self._write_call(record), wait, lost)

    def _write_page(self, form: Form) -> dict[str, object]:
        """The newest first. A page goes on after the call that the one before it ended with, whatever came since."""
        size = min(max(_read_number(form, "PageSize", PAGE_SIZE), 1), LARGEST_PAGE)
        listed = self._account.clock() - self._account.troubles.unlisted_seconds
        wanted = _make_filter(form)
        found = [record for record in reversed(self._account.calls) if record.at <= listed and wanted(record)]
        token = _read_first(form, "PageToken").removeprefix("PA")
        begin = next((at for at, record in enumerate(found, 1) if record.sid == token), 0)
        rows, number = found[begin : begin + size], _read_number(form, "Page", 0)
        kept = [(name, value) for name in FILTERS for value in form.get(name, ())]
        onward = [*kept, ("PageSize", size), ("Page", number + 1), ("PageToken", f"PA{rows[-1].sid}" if rows else "")]
        path = f"{self._root}.json?"
        return {
            "calls": [self._write_call(record) for record in rows],
            "page": number,
            "page_size": size,
            "start": begin,
            "end": max(begin, begin + len(rows) - 1),
            "first_page_uri": path + urlencode([*kept, ("PageSize", size), ("Page", 0)]),
            "next_page_uri": path + urlencode(onward) if begin + size < len(found) else None,
            "previous_page_uri": None,
            "uri": path + urlencode([*kept, ("PageSize", size), ("Page", number)]),
        }

    def _write_call(self, record: CallRecord) -> dict[str, object]:
        queued = round((record.starts - record.at) * 1000)
        return {
            "sid": record.sid,
            "account_sid": self._sid,
            "api_version": "2010-04-01",
            "to": record.to,
            "to_formatted": record.to,
            "from": record.caller,
            "from_formatted": record.caller,
            "status": record.status,
            "direction": "outbound-api",
            "answered_by": record.answered_by or None,
            "date_created": _write_moment(record.created),
            "date_updated": _write_moment(record.updated),
            "start_time": _write_moment(record.started),
            "end_time": _write_moment(record.ended),
            "duration": None if record.duration is None else str(record.duration),
            "queue_time": str(queued),
            "price": None,
            "price_unit": "USD",
            **dict.fromkeys(("parent_call_sid", "phone_number_sid", "forwarded_from", "group_sid", "trunk_sid")),
            "caller_name": None,
            "uri": f"{self._root}/{record.sid}.json",
            "subresource_uris": {},
        }


OF_POSTS = (
    *(Mishap.REFUSED, Mishap.BROKEN_BEFORE, Mishap.BROKEN_AFTER),
    *(Mishap.DROPPED, Mishap.SILENT, Mishap.SLOW),
)
"""What can happen to a POST for a new call."""
FILTERS = ("To", "From", "Status", "StartTime", "StartTime>", "StartTime<")
SIDES: Mapping[str, Callable[[date, date], bool]] = {"StartTime": eq, "StartTime>": ge, "StartTime<": le}


def _make_filter(form: Form) -> Callable[[CallRecord], bool]:
    """Start times go by the day in UTC; a call that is still queued has none, and fits no such filter."""
    days = [(side, _read_day(given)) for name, side in SIDES.items() if (given := _read_first(form, name))]

    def fits(record: CallRecord) -> bool:
        started = record.started and record.started.astimezone(UTC).date()
        same = {"To": record.to, "From": record.caller, "Status": record.status}
        alike = all(_read_first(form, name) in ("", value) for name, value in same.items())
        return alike and all(started is not None and side(started, day) for side, day in days)

    return fits


def _read_day(given: str) -> date:
    try:
        return datetime.fromisoformat(given).date()
    except ValueError as error:
        raise RefusalError(400, 20001, f"{given} is not a date in UTC, such as 2026-11-23") from error


def _read_first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")


def _read_number(form: Form, name: str, default: int) -> int:
    given = _read_first(form, name)
    return int(given) if given.isdecimal() else default


def _write_moment(moment: datetime | None) -> str | None:
    return format_datetime(moment.astimezone(UTC)) if moment else None


def _refuse(no: RefusalError, wait: float = 0.0) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{no.code}"
    return Answer(no.status, {"code": no.code, "message": no.words, "more_info": more, "status": no.status}, wait)


# --- HTTP ------------------------------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: "Server"
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        """Asks for a call, or a list of calls."""
        self._do("GET")

    def do_POST(self) -> None:
        """Makes a call, or tells one something."""
        self._do("POST")

    def _do(self, method: str) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > BODY_BYTES:
            self.send_error(413)
            return
        body = self.rfile.read(int(length)).decode(errors="replace")
        answer = self.server.api.answer(method, self.path, body, self.headers.get("Authorization", ""))
        if answer.wait:
            self.server.stopped.wait(answer.wait)
        if answer.lost is Mishap.SILENT:
            self.server.hold(self.request)
        elif answer.lost is None:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        text = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        # The client may have given up; the call is made all the same.
        with suppress(ConnectionError):
            self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Says nothing on the screen."""


class Server(HTTPServer):
    """Answers on a few threads. `port` 0 is a free one."""

    request_queue_size = 256

    def __init__(self, port: int, api: Api) -> None:
        super().__init__((HOST, port), Handler)
        self.api, self.stopped = api, threading.Event()
        self._held: list[socket.socket] = []
        self._threads = ThreadPoolExecutor(ANSWERING)
        self._accepting = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def start(self) -> None:
        """Begins to answer."""
        self._accepting.start()

    @property
    def base(self) -> str:
        """The address that stands in for Twilio's."""
        return f"http://{HOST}:{self.server_port}"

    def hold(self, connection: socket.socket) -> None:
        """Keeps a connection open without an answer, for as long as the server runs."""
        self._held.append(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hands a connection to one of the threads."""
        self._threads.submit(self._serve, request, client_address)

    def _serve(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            log.debug("A connection to the practice Twilio ended early")
        except Exception:
            log.exception("A request to the practice Twilio failed")
        if request not in self._held:
            self.shutdown_request(request)

    def stop(self) -> None:
        """Ends everything, held connections too."""
        self.stopped.set()
        self.shutdown()
        self._accepting.join()
        self._threads.shutdown(cancel_futures=True)
        for connection in self._held:
            connection.close()
        self.server_close()
