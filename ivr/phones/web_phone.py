"""The web phone: a handset in the browser that drives the line's real webhooks, and hears its real clips.

The browser holds no logic of a call: it plays what it is told, in real time, and reports a key or silence; the
simulator here makes the signed requests, so no secret ever reaches the page. The call travels between them as a signed
token: the server keeps nothing, and any process can answer.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ivr.line.language import Language
from ivr.line.languages import LANGUAGES
from ivr.phones.handset import Gathering, Handset, HandsetEvent, OpenCall, PersonAnswers
from ivr.phones.own_network import make_call_sid
from ivr.web.pages import add_safety_headers

CALL_SECONDS = 3600
"""How long a call's token is good."""
CALLER = "+12125550123"
DIALED = "+12125550100"
PEOPLE: tuple[PersonAnswers, ...] = ("takes", "ignores", "busy", "no-answer")


def make_web_phone(
    make_handset: Callable[[PersonAnswers], Handset], secret: str, languages: tuple[str, ...]
) -> Blueprint:
    """`/phone` and the three things that can happen in a call. `make_handset` is given what the clinic does."""
    blueprint = Blueprint("phone", __name__, url_prefix="/phone", template_folder="templates", static_folder="static")
    tokens = URLSafeTimedSerializer(secret, salt="web-phone")
    blueprint.after_request(add_safety_headers)

    @blueprint.get("")
    def page() -> str:
        rows = [LANGUAGES[code] for code in languages]
        return render_template("phone.html", languages=rows)

    @blueprint.post("/call")
    def dial() -> Response:
        person = _read_fields().get("person", "no-answer")
        if person not in PEOPLE:
            abort(400)
        caller = "" if _read_fields().get("hidden") else CALLER
        call, heard = make_handset(person).call(make_call_sid(), caller, DIALED)
        return _answer(tokens, person, call, heard)

    @blueprint.post("/key")
    def key() -> Response:
        person, call = _resume_call(tokens)
        pressed = _read_fields().get("key", "")
        if pressed not in tuple("0123456789*#"):
            abort(400)
        return _answer(tokens, person, *make_handset(person).press(call, pressed))

    @blueprint.post("/silence")
    def silence() -> Response:
        person, call = _resume_call(tokens)
        return _answer(tokens, person, *make_handset(person).wait(call))

    @blueprint.post("/hangup")
    def hangup() -> Response:
        person, call = _resume_call(tokens)
        return _answer(tokens, person, make_handset(person).hang_up(call), [HandsetEvent("hangup")])

    return blueprint


def _read_fields() -> dict[str, Any]:
    fields = request.get_json(silent=True)
    if not isinstance(fields, dict):
        abort(400)
    return fields


def _answer(tokens: URLSafeTimedSerializer, person: str, call: OpenCall, heard: list[HandsetEvent]) -> Response:
    token = tokens.dumps({"person": person, "call": asdict(call)})
    gathering = _describe_wait(call.gathering) if call.gathering else None
    return jsonify(call=token, heard=[_describe_event(item) for item in heard], gathering=gathering, over=call.over)


def _describe_wait(gathering: Gathering) -> dict[str, Any]:
    """For how long the line waits, whether for one key, and at which place of the call."""
    at = gathering.action.split("/call/key/", 1)[-1]
    return {"timeout": gathering.timeout, "one": gathering.num_digits == 1, "at": at}


def _describe_event(item: HandsetEvent) -> dict[str, Any]:
    language = _find_language(item.language)
    return {
        **asdict(item),
        "language": language.code if language else item.language,
        "lang": language.tag if language else item.language,
        "dir": language.direction if language else "auto",
    }


def _find_language(name: str) -> Language | None:
    """By our code, or by the name that the telephone network's own voice gives it."""
    spoken = (row for row in LANGUAGES.values() if name and row.say == name)
    return LANGUAGES.get(name) or next(spoken, None)


def _resume_call(tokens: URLSafeTimedSerializer) -> tuple[PersonAnswers, OpenCall]:
    try:
        kept = tokens.loads(str(_read_fields().get("call", "")), max_age=CALL_SECONDS)
    except BadSignature:
        abort(Response("This call has ended. Call again.\n", 409, content_type="text/plain; charset=utf-8"))
    call = OpenCall(**{**kept["call"], "gathering": None, "rest": tuple(kept["call"]["rest"])})
    gathering = kept["call"]["gathering"]
    return kept["person"], replace(call, gathering=Gathering(**gathering) if gathering else None)
