"""Signing in: by name and password, with a session that ends after a quarter of an hour without a request.

Keeps 45 CFR 164.312(a) and (d): each member of staff is known by name, and a page left open does not stay open.
Guessing is slowed down: after five wrong passwords for a name, that name waits.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from flask import Blueprint, Flask, Request, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.wrappers import Response

from ivr.folding import fold_words

IDLE = timedelta(minutes=15)
MOST_GUESSES = 5
GUESSING_PAUSE = timedelta(minutes=15)


class PageSessions(SecureCookieSessionInterface):
    """Sessions for pages only: the telephone network carries no cookies, so its requests are spared the work."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None for a webhook, which Flask turns into a session that cannot be used."""
        return None if f"{request.path}/".startswith("/call/") else super().open_session(app, request)


class PasswordChecker(Protocol):
    """Who may sign in."""

    def check_staff(self, name: str, password: str) -> bool:
        """True for the right password of a member of staff."""


class Guesses:
    """Wrong passwords by name, in this process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: dict[str, list[datetime]] = {}

    def must_wait(self, name: str) -> bool:
        """True while a name has to wait."""
        since = self._clock() - GUESSING_PAUSE
        recent = [at for at in self._wrong.get(name, ()) if at > since]
        if not recent:
            self._wrong.pop(name, None)
        return len(recent) >= MOST_GUESSES

    def count_wrong(self, name: str) -> None:
        """Counts a wrong password."""
        self._wrong.setdefault(name, []).append(self._clock())


def find_signed_in(clock: Callable[[], datetime]) -> str:
    """The name of the member of staff who is signed in, "" for nobody. Asking keeps the session from ending."""
    name = session.get("staff", "")
    seen = datetime.fromtimestamp(session.get("seen", 0), tz=clock().tzinfo)
    if not name or clock() - seen > IDLE:
        session.clear()
        return ""
    session["seen"] = clock().timestamp()
    return str(name)


def require_staff(clock: Callable[[], datetime]) -> Callable[[], Response | None]:
    """For `before_request`: sends a visitor who is not signed in to the sign-in page."""

    def send_to_sign_in() -> Response | None:
        return None if find_signed_in(clock) else redirect(url_for("staff.sign_in", then=request.path))

    return send_to_sign_in


def make_sign_in_pages(staff: PasswordChecker, clock: Callable[[], datetime]) -> Blueprint:
    """`/sign-in` and `/sign-out`."""
    blueprint = Blueprint("staff", __name__, template_folder="templates")
    guesses = Guesses(clock)

    @blueprint.get("/sign-in")
    def sign_in() -> str:
        return render_template("sign_in.html", fault="", then=_keep_own_path(request.args.get("then", "")))

    @blueprint.post("/sign-in")
    def check_password() -> Response | tuple[str, int]:
        name, then = fold_words(request.form.get("name", "")), _keep_own_path(request.form.get("then", ""))
        if guesses.must_wait(name):
            fault = "Too many wrong passwords. Wait a quarter of an hour, then try again."
            return render_template("sign_in.html", fault=fault, then=then), 429
        if not staff.check_staff(name, request.form.get("password", "")):
            guesses.count_wrong(name)
            fault = "This name and password do not belong together. Try again."
            return render_template("sign_in.html", fault=fault, then=then), 401
        session.clear()
        session.update(staff=name, seen=clock().timestamp())
        return redirect(then or "/phone")

    @blueprint.post("/sign-out")
    def sign_out() -> Response:
        session.clear()
        return redirect(url_for("staff.sign_in"))

    return blueprint


def _keep_own_path(path: str) -> str:
    """A path on this site, or "": nobody is led elsewhere. Browsers skip control signs: "/\\t/elsewhere" leads away."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else ""
