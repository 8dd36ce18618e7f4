"""The call handler: takes what a request says about a call, asks the core where the call goes, and answers with TwiML.

It does what the core only names: connects to a person when the office is open, reads a number aloud, saves a call-back
request before it is confirmed. A document that depends on its position alone is rendered once and kept.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ivr.addresses import SINCE
from ivr.errors import SpinelineError, StoreError
from ivr.line import phrases
from ivr.line import reminder_phrases as say
from ivr.line.events import CallBackRequest, LastCall
from ivr.line.flow import (
    FAILED,
    after_key,
    after_silence,
    before_choice,
    check_position,
    entry,
    has_chosen,
    place_key,
    sign_choices,
)
from ivr.line.nodes import UNLISTED, Act, Line, Node, Number, Pause, Position, Reply, When, WrongAnswer
from ivr.line.prompts import Utterance
from ivr.line.reminder import CONFIRMED, GATE
from ivr.line.speech import Said, speech
from ivr.numbers import group_digits, read_callable_number
from ivr.voice.ports import Call, CallLog, Ports, find_caller, find_caller_id
from ivr.voice.twiml import NOW, Renderer, Ringing, SayText, Sound, Voice, join_legs, render_last_words
from ivr.wording.script import STAFF_LANGUAGE

log = logging.getLogger(__name__)

MOST_DOCUMENTS = 4096
LONGEST_MOMENT = 15
"""Fewer digits than this make milliseconds since 1970, for the next thousand years."""
TOKEN_SECONDS = 3600
"""How long a keyed-in number may travel with a call."""


@dataclass(frozen=True)
class Clinic:
    """The clinic as a call needs it. `number` is E.164 or ""; `is_open` says whether people answer at a moment."""

    number: str
    country: str
    ring_seconds: int
    is_open: Callable[[datetime], bool]
    remember_language: bool


class CallHandler:
    """Answers every request of every call. Safe for threads: it keeps nothing but rendered documents."""

    def __init__(self, line: Line, renderer: Renderer, voice: Voice, clinic: Clinic, ports: Ports) -> None:
        self.line = line
        self.renderer = renderer
        self.voice = voice
        self.clinic = clinic
        self.ports = ports
        self.log = CallLog(ports, clinic.country)
        self._choices = {code: sign_choices(line, code) for code in line.languages}
        self._documents: dict[Position, bytes] = {}
        self._acts: Mapping[Act, Callable[[Position, Call], bytes]] = {
            Act.CONNECT: self._connect,
            Act.CONFIRM: self._confirm,
            Act.SAVE: self._save,
            Act.RECORD: self._record,
        }

    # --- The requests of a call --------------------------------------------------------------------------------------

    def answer(self, call: Call) -> bytes:
        """A call comes in."""
        self.log.log_start(call)
        return self.arrive(entry(self.line, dialed=call.get("To", ""), remembered=self._recall_caller(call)), call)

    def arrive(self, position: Position, call: Call, *, listened: bool = False) -> bytes:
        """The call is at a position: do what is done there, and say what is heard. `listened`: it came here by itself,
        so what was before was heard to its end.

        Raises UnknownPlaceError for a place that the line does not have, UnspokenError where it cannot be spoken.
        """
        node = self.line.node(check_position(self.line, position).node)
        self.log.log_arrival(node, position, call, self._choices[position.language])
        if listened and position.attempt:
            self._note_preparation(node, position)
        if act := self._acts.get(node.act):
            return act(position, call)
        if any(isinstance(item, When) for item in node.says):
            return self._tell_appointment(position, call)
        if node.reads_aloud:
            return self._listen(position, self._group_numbers(position, call))
        if position.attempt:  # each call has its own address, so there is nothing to keep
            return self._listen(position)
        return self._stamp(self._documents.get(position) or self._render_once(position))

    def take_key(self, position: Position, digits: str, call: Call, since: str = "") -> bytes:
        """The caller pressed `digits` at a position ("" is silence). Raises as `arrive` does.

        `since` is when the position began to be heard, as its document says (milliseconds since 1970): a key that comes
        too soon after it was pressed for what came before.
        """
        check_position(self.line, position)
        counts_at = place_key(self.line, position, digits, self._measure_elapsed(since)) if digits else position
        if counts_at is None:
            return self.arrive(position, call)
        position = counts_at
        if not digits:
            return self.arrive(after_silence(self.line, position), call)
        if position.attempt and position.node.endswith(GATE):
            self._note(lambda: self.ports.attempts.mark_gate_passed(position.attempt))
        if self.line.node(position.node).act is Act.KEY_IN:
            return self.arrive(self._read_number(position, digits), call)
        return self.arrive(after_key(self.line, position, digits), call)

    def finish_ringing(self, position: Position, call: Call) -> bytes:
        """The attempt to reach a person has ended: well, or with nobody there. Raises as `arrive` does."""
        met = call.get("DialCallStatus") == "completed" and call.get("DialBridged") != "false"
        return self.arrive(position.at("person/done" if met else "person/away"), call)

    def brief_staff(self, position: Position) -> bytes:
        """What the person hears who answers for the clinic. Raises as `arrive` does."""
        check_position(self.line, position)
        return self.renderer.whisper(position, self._find_sounds(write_whisper(self.line, position)))

    def take_staff_key(self, digits: str) -> bytes:
        """The person at the clinic pressed a key: joined with the caller, or let go."""
        return join_legs() if digits == "1" else self.renderer.hang_up(())

    def find_chosen_language(self, position: Position) -> str:
        """The language that the caller has chosen by now; "" in the first words, and for one that is not open."""
        known = position.language in self.line.languages and has_chosen(position)
        return position.language if known else ""

    def apologize(self, position: Position) -> bytes:
        """Something failed on our side: say so in the caller's language and go on from the start of the line.

        When it fails there too (the position says so by a second try), hand over to `hand_over`.
        """
        language = self.find_chosen_language(position)
        if position.attempt or "/reminder/" in position.node:
            return self._apologize_in_reminder(language)
        if position.tries == FAILED:
            return self.hand_over(language)
        there = self.line.starts[language] if language else "welcome"
        onward = Position(language or self.line.opening[0], there, tries=FAILED)
        spoken = [Said(Utterance(phrases.SORRY.id), code) for code in ((language,) if language else self.line.opening)]
        return self.renderer.pass_on(self._find_sounds(spoken), onward)

    def _apologize_in_reminder(self, language: str) -> bytes:
        """Nobody who was called is led into the line, which speaks of health (H1): a word, and goodbye."""
        languages = (language,) if language else self.line.opening
        spoken = [Said(Utterance(prompt.id), code) for code in languages for prompt in (phrases.SORRY, say.GOODBYE)]
        return self.renderer.hang_up(self._find_sounds(spoken))

    def hand_over(self, language: str = "") -> bytes:
        """An apology and the clinic, in the network's own voices: for when nothing else of ours answers."""
        languages = (language,) if language in self.line.languages else self.line.opening
        spoken = [words for code in languages if (words := self._apologize_in(code))]
        return render_last_words(
            spoken or [words for code in self.line.opening if (words := self._apologize_in(code))], self.clinic.number
        )

    def _apologize_in(self, language: str) -> SayText | None:
        return self.voice.say(Said(Utterance(phrases.SORRY.id), language))

    # --- What is done at a node --------------------------------------------------------------------------------------

    def _stamp(self, document: bytes) -> bytes:
        """The document as it is sent now: a key that is pressed at it says since when it could be heard."""
        moment = str(round(self.ports.clock().timestamp() * 1000))
        return document.replace(f"{SINCE}={NOW}".encode(), f"{SINCE}={moment}".encode())

    def _measure_elapsed(self, since: str) -> float | None:
        """Seconds since then; None where that is not known, or lies ahead since two servers' clocks differ."""
        if not (since.isdecimal() and len(since) < LONGEST_MOMENT):
            return None
        elapsed = self.ports.clock().timestamp() - int(since) / 1000
        return elapsed if elapsed >= 0 else None

    def _render_once(self, position: Position) -> bytes:
        """Renders a document, and keeps it unless the network's voice had to stand in for a clip that may yet come."""
        document = self._render(position)
        if b"<Say" not in document and len(self._documents) < MOST_DOCUMENTS:
            self._documents[position] = document
        return document

    def _listen(self, position: Position, numbers: Mapping[Number | When, str] | None = None) -> bytes:
        return self._stamp(self._render(position, numbers))

    def _render(self, position: Position, numbers: Mapping[Number | When, str] | None = None) -> bytes:
        sounds = self._find_sounds(speech(self.line, position, numbers or {}), slow=position.slow)
        node = self.line.node(position.node)
        if node.act is Act.HANG_UP:
            return self.renderer.hang_up(sounds)
        onward = after_silence(self.line, position)
        if position.attempt and node.clip:
            onward = replace(onward, origin=node.id)  # where silence leads, it is known that this clip was heard
        return self.renderer.listen(position, sounds, onward)

    def _connect(self, position: Position, call: Call) -> bytes:
        if not self.clinic.number:
            return self.arrive(position.at("person/unset"), call)
        if not self.clinic.is_open(self.ports.clock()):
            return self.arrive(position.at("person/closed"), call)
        sounds = self._find_sounds(speech(self.line, position, {}), slow=position.slow)
        onward = after_silence(self.line, position)
        clinic = Ringing(self.clinic.number, self.clinic.ring_seconds, find_caller_id(call))
        return self.renderer.connect(position, sounds, clinic, onward)

    def _confirm(self, position: Position, call: Call) -> bytes:
        if not self._find_number(position, call):
            return self.arrive(position.at("callback/enter"), call)
        return self._listen(position, self._group_numbers(position, call))

    def _save(self, position: Position, call: Call) -> bytes:
        number = self._find_number(position, call)
        if not number:
            return self.arrive(position.at("callback/enter"), call)
        sid = call.get("CallSid", "")
        try:
            self.ports.store.save_call_back(
                CallBackRequest(
                    call=sid,
                    at=self.ports.clock(),
                    number=number,
                    language=position.language if has_chosen(position) else "",
                    place=position.origin,
                )
            )
        except StoreError:
            log.exception("A call-back request could not be saved; the caller was told")
            return self.arrive(position.at("callback/failed"), call)
        return self.arrive(position.at("callback/saved"), call)

    def _record(self, position: Position, call: Call) -> bytes:
        """Commits what the person replied, and only then speaks of it (C7)."""
        node = self.line.node(position.node)
        try:
            kept = self._keep_reply(node.records, position, call)
        except StoreError:
            log.exception("A reply could not be saved; the person was told")
            kept = False
        onward = node.silence.to if kept and node.silence else node.failure
        return self.arrive(position.at(onward), call)

    def _keep_reply(self, reply: Reply | WrongAnswer | None, position: Position, call: Call) -> bool:
        if reply is None:
            return False
        if position.attempt:
            return self.ports.attempts.keep_reply(position.attempt, reply)
        number = read_callable_number(find_caller(call), self.clinic.country) if reply is Reply.STOP else ""
        if number:
            self.ports.attempts.opt_out(number)
        return bool(number)

    def _tell_appointment(self, position: Position, call: Call) -> bytes:
        try:
            moment = self.ports.attempts.find_appointment(position.attempt) if position.attempt else None
        except StoreError:
            log.exception("An appointment could not be read; the person was told")
            moment = None
        if moment is None and not position.node.endswith(CONFIRMED):
            return self.arrive(position.at(f"{position.node.rpartition('/')[0]}/unread"), call)
        told = self._say_moment(position.language, moment) if moment else {}
        return self._listen(position, {**self._group_numbers(position, call), **told})

    def _say_moment(self, language: str, moment: datetime) -> Mapping[Number | When, str]:
        return self.ports.calendar.say_moment(language, moment, self.ports.clock())

    def _note_preparation(self, node: Node, position: Position) -> None:
        """The call came by itself from a clip of the preparation, which was so heard to its end."""
        heard = self.line.nodes.get(position.origin)
        part = node.id.partition("/reminder/prep/")
        if heard and heard.clip and part[1] and not position.tries:
            clip = heard.clip.number
            of = sum(bool(step.clip) for name, step in self.line.nodes.items() if name.startswith("".join(part[:2])))
            self._note(lambda: self.ports.attempts.keep_preparation_heard(position.attempt, clip, of))

    def _note(self, work: Callable[[], None]) -> None:
        """Writes down how far a reminder call has come."""
        try:
            work()
        except StoreError:
            log.exception("What happened in a reminder call could not be written down; the call goes on")

    def _read_number(self, position: Position, digits: str) -> Position:
        """Where a whole number leads; a lone zero or a star keeps its meaning."""
        if digits == "0" or "*" in digits:
            return after_key(self.line, position, digits[-1])
        number = read_callable_number(digits, self.clinic.country)
        if not number:
            return after_key(self.line, position, digits)
        return replace(after_key(self.line, position, "#"), number=self.ports.sealer.seal(number))

    # --- Numbers and sounds ------------------------------------------------------------------------------------------

    def _find_number(self, position: Position, call: Call) -> str:
        """The number to call back: the one keyed in, else the one that the call comes from."""
        if not position.number:
            return read_callable_number(find_caller(call), self.clinic.country)
        try:
            return self.ports.sealer.open(position.number, TOKEN_SECONDS)
        except SpinelineError:
            return ""

    def _group_numbers(self, position: Position, call: Call) -> dict[Number | When, str]:
        country = self.clinic.country
        return {
            Number.CALLER: group_digits(self._find_number(position, call), country),
            Number.CLINIC: group_digits(self.clinic.number, country),
            Number.OURS: group_digits(self.clinic.number, country),
            Number.OPT_OUT: group_digits(self.line.opt_out, country),
        }

    def _find_sounds(self, items: Iterable[Said | Pause], *, slow: bool = False) -> list[Sound]:
        return [item if isinstance(item, Pause) else self.voice.find_sound(item, slow=slow) for item in items]

    def _recall_caller(self, call: Call) -> LastCall | None:
        caller = self.log.hash_caller(call)
        if not (caller and self.clinic.remember_language):
            return None
        try:
            return self.ports.store.find_last_call(caller)
        except StoreError:
            log.warning("The database did not say which language was chosen last; the call begins without it")
            return None


def write_whisper(line: Line, position: Position) -> list[Said]:
    """What staff are told, in their language: which language the caller chose, and where they were listening."""
    origin = line.nodes.get(position.origin)
    chosen = phrases.WHISPER_LANGUAGES[position.language]
    if position.origin == UNLISTED:
        chosen = phrases.WHISPER_UNLISTED
    elif before_choice(position.origin):
        chosen = phrases.WHISPER_NO_LANGUAGE
    topic = position.origin.partition("/")[0]
    prompts = [line.whispers.get(topic, line.whispers[""]), chosen]
    if origin and origin.title:
        prompts += [phrases.WHISPER_PART, origin.title]
    said = [Said(Utterance(prompt.id), STAFF_LANGUAGE) for prompt in prompts]
    return [*said, Said(Utterance(phrases.WHISPER_TAKE.id, "1"), STAFF_LANGUAGE)]
