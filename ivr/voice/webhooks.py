"""The webhooks: every request that the telephone network makes of the line.

Each is checked against its signature before anything is looked at; each is answered with TwiML, also when something
fails: a caller hears words, in their language, never an HTML page (Twilio would read that as an error and hang up).
"""

import logging
from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from ivr.addresses import SINCE, Verb, read_position
from ivr.errors import UnknownPlaceError, UnspokenError
from ivr.line.flow import FAILED
from ivr.line.nodes import Position
from ivr.provider.signature import Signature
from ivr.voice.call_handler import CallHandler
from ivr.voice.metrics import Metrics
from ivr.voice.ports import Call

log = logging.getLogger(__name__)
CONTENT_TYPE = "text/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


def make_webhooks(handler: CallHandler, signature: Signature, metrics: Metrics) -> Blueprint:
    """The blueprint of all webhooks, under `/call`."""
    blueprint = Blueprint("call", __name__, url_prefix="/call")
    blueprint.app_errorhandler(HTTPException)(_refuse_plainly)

    @blueprint.before_request
    def refuse_unsigned() -> None:
        if not signature.is_valid(request):
            metrics.refused.inc()
            abort(Response("The signature does not match.\n", 403, content_type=PLAIN))

    @blueprint.post("")
    @blueprint.post("/")
    def call() -> Response:
        metrics.calls.inc()
        start = Position(handler.line.opening[0], "welcome")
        return _answer(handler, metrics, start, lambda: handler.answer(request.form))

    @blueprint.post("/<path:place>")
    def step(place: str) -> Response:
        verb, language, node = (*place.split("/", 2), "", "")[:3]
        position = Position(language, node)
        staff = verb in (Verb.WHISPER, Verb.TAKEN)
        return _answer(handler, metrics, position, lambda: _take_step(handler, metrics, verb, position), staff=staff)

    @blueprint.post("/fallback")
    @blueprint.post("/fallback/")
    def fallback() -> Response:
        metrics.fallbacks.inc()
        return _send(handler.hand_over(handler.find_chosen_language(_read_place(request.form.get("ErrorUrl", "")))))

    @blueprint.post("/status")
    @blueprint.post("/status/")
    def status() -> Response:
        handler.log.log_end(request.form)
        return Response(status=204)

    return blueprint


STEPS: dict[str, Callable[[CallHandler, Position, Call, str], bytes]] = {
    Verb.AT: lambda handler, position, call, _: handler.arrive(position, call, listened=True),
    Verb.KEY: lambda handler, position, call, since: handler.take_key(position, call.get("Digits", ""), call, since),
    Verb.DIALED: lambda handler, position, call, _: handler.finish_ringing(position, call),
    Verb.WHISPER: lambda handler, position, *_: handler.brief_staff(position),
    Verb.TAKEN: lambda handler, _, call, __: handler.take_staff_key(call.get("Digits", "")),
}
"""What each kind of request asks of the handler: at a position, for a call, heard since a moment ("" for unknown)."""


def _take_step(handler: CallHandler, metrics: Metrics, verb: str, position: Position) -> bytes:
    if verb not in STEPS:
        raise UnknownPlaceError(f"no such request: {verb!r}")
    metrics.steps[verb].inc()
    if request.query_string:
        position = read_position(position.language, position.node, request.args)
    return STEPS[verb](handler, position, request.form.to_dict(), request.args.get(SINCE, ""))


def _refuse_plainly(error: HTTPException) -> HTTPException | Answer:
    """Never a page, also for what reaches no webhook: another method, a body that is too large."""
    if not f"{request.path}/".startswith("/call/"):
        return error
    answer = error.get_response()
    answer.set_data(f"{error.description}\n")
    answer.content_type = PLAIN
    return answer


def _answer(
    handler: CallHandler, metrics: Metrics, place: Position, answer: Callable[[], bytes], *, staff: bool = False
) -> Response:
    """The answer, or words in its place: this is the one door through which no error passes to a caller.

    `staff`: the request is about the clinic's leg. That leg is hung up, never led into the line; the caller goes on.
    """
    try:
        return _send(answer())
    except UnspokenError:
        log.exception("Something cannot be spoken; the call is handed over")
        metrics.failed.inc()
        return _send(handler.take_staff_key("") if staff else handler.hand_over(handler.find_chosen_language(place)))
    except UnknownPlaceError as error:
        log.warning("A request for a place that this line does not have: %s", error)
    except Exception:
        log.exception("A webhook failed; the caller heard that we are sorry")
    metrics.failed.inc()
    return _send(handler.take_staff_key("")) if staff else _apologize(handler, place)


def _apologize(handler: CallHandler, place: Position) -> Response:
    tries = FAILED if request.args.get("tries") == FAILED else ""
    try:
        attempt = request.args.get("attempt", "")
        return _send(handler.apologize(Position(place.language, place.node, tries=tries, attempt=attempt)))
    except Exception:
        log.exception("Not even an apology could be spoken; the call is handed over")
        return _send(_hand_over(handler, place))


def _hand_over(handler: CallHandler, place: Position) -> bytes:
    return handler.hand_over(handler.find_chosen_language(place))


def _read_place(url: str) -> Position:
    """The place in one of our own addresses (".../call/at/es/..."); for any other address, a place that the line does
    not have."""
    parts = url.split("/call/", 1)[-1].split("?", 1)[0].split("/", 2)
    return Position(parts[1], parts[2]) if len(parts) == 3 else Position("", "")


def _send(document: bytes) -> Response:
    return Response(document, content_type=CONTENT_TYPE)
