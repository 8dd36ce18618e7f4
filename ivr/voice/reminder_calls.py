"""What the network tells about the calls that the clinic makes: how each goes, and whether a machine answered.

Under `/call/attempt/<attempt>`, signed as every webhook. A machine that is ready for its message is led to the neutral
voicemail while the call is on (rule H2); a person never waits in silence for the detection.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from flask import Blueprint, Response, abort, request

from ivr.errors import NotPlacedError, StoreError
from ivr.provider.signature import Signature
from ivr.voice.webhooks import PLAIN

log = logging.getLogger(__name__)
READY = ("machine_end_beep", "machine_end_silence", "machine_end_other")
"""What the network says when the machine has finished speaking."""


class AttemptReports(Protocol):
    """Who keeps what becomes of an attempt."""

    def keep_report(self, attempt: str, told: Mapping[str, str]) -> bool:
        """Keeps a report of the network, as it came; False where it told nothing new. Raises StoreError."""

    def find_message(self, attempt: str) -> tuple[str, str] | None:
        """Language and topic of an attempt whose machine may be left a message; None where somebody has pressed a key,
        or the message of this reminder was left before. Raises StoreError."""


LeaveMessage = Callable[[str, str, str, str], None]
"""Leads a call (its id, attempt, language, topic) to the voicemail. Raises NotPlacedError."""


def make_reminder_calls(attempts: AttemptReports, leave_message: LeaveMessage, signature: Signature) -> Blueprint:
    """The blueprint. A report that cannot be kept is answered with 503, so that the network's log shows it."""
    blueprint = Blueprint("attempt", __name__, url_prefix="/call/attempt")

    @blueprint.before_request
    def refuse_unsigned() -> None:
        if not signature.is_valid(request):
            abort(Response("The signature does not match.\n", 403, content_type=PLAIN))

    @blueprint.post("/<attempt>/status")
    def status(attempt: str) -> Response:
        return _confirm_kept(lambda: attempts.keep_report(attempt, request.form.to_dict()))

    @blueprint.post("/<attempt>/machine")
    def machine(attempt: str) -> Response:
        told = request.form.to_dict()

        def take() -> None:
            new = attempts.keep_report(attempt, told)
            about = attempts.find_message(attempt) if new and told.get("AnsweredBy") in READY else None
            if about:
                leave_message(told.get("CallSid", ""), attempt, *about)

        return _confirm_kept(take)

    return blueprint


def _confirm_kept(work: Callable[[], object]) -> Response:
    try:
        work()
    except StoreError as error:
        log.warning("A report about a call could not be kept: %s", error)
        return Response(status=503)
    except NotPlacedError as error:
        log.warning("A machine could not be left its message: %s", error)
    return Response(status=204)
