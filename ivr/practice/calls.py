"""The calls of the practice Twilio: each one rings, is answered, walks the app's real webhooks, and ends.

A call is a generator that gives the seconds until it goes on, so a thousand calls wait on no thread: the timetable
takes up the call that is due. Call time (how long clips last, how long a person waits) is kept apart from real time:
with a scale of 0 a call takes as long as its requests. What the app tells a live call is obeyed at its next step, as if
the document that is playing were left there.
"""

from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import ceil
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ivr.phones.handset import Caption, Gathering, Handset, HandsetError, HandsetEvent, OpenCall, PersonAnswers
from ivr.practice.account import Account, CallRecord, Order
from ivr.practice.callbacks import Callbacks, Later, Webhooks
from ivr.practice.people import HANG_UP, OTHER_LANGUAGE, People, Person, Place, read_place

CLIP_SECONDS = 4.0
"""How long a clip is taken to last where nobody says."""
KEY_SECONDS = 1.0
"""How long a person takes to find a key."""
LONGEST, MOST_STEPS = 1800.0, 500
"""Seconds of call time, and steps, after which a call is ended, so that no line holds a practice person for ever."""
RING_SECONDS = 60.0
DETECTION_SECONDS = 30.0
LULLS = 100
Steps = Generator[float, None, None]
"""A call under way: gives how many real seconds pass until it goes on."""
Talk = tuple[OpenCall, list[HandsetEvent]]


def caption_any_clip(_: str) -> HandsetEvent:
    """The caption of a clip of which nothing is known."""
    return HandsetEvent("play", seconds=CLIP_SECONDS)


@dataclass(frozen=True)
class Studio:
    """How calls are played out.

    `scale` is real seconds for one second of call time; `caption` says how long clips last; `clinic` is what happens
    when the line rings the clinic. After the detector's word on a machine the call stands still for up to `lull` real
    seconds, in which a redirect that is not sent from within the callback can come.
    """

    people: People
    caption: Caption = caption_any_clip
    scale: float = 0.0
    lull: float = 0.0
    clinic: PersonAnswers = "takes"


@dataclass(frozen=True)
class Switchboard:
    """Takes each accepted call through its life."""

    account: Account
    callbacks: Callbacks
    webhooks: Webhooks
    studio: Studio
    run_later: Later

    def start(self, record: CallRecord) -> None:
        """The call will begin when the account's pace lets it."""
        wait = max(0.0, record.starts - self.account.clock())
        self.run_later(wait, partial(self._go_on, self._live(record)))

    def _go_on(self, life: Steps) -> None:
        for seconds in life:
            if seconds > 0:
                self.run_later(seconds, partial(self._go_on, life))
                return

    def _live(self, record: CallRecord) -> Steps:
        person = self.studio.people(record.to)
        status, duration = "canceled", None
        if self.account.dial(record.sid):
            status = yield from self._ring(record, person)
        if status == "in-progress":
            self.callbacks.tell_status(record, "answered", status)
            walk = Walk(
                account=self.account,
                callbacks=self.callbacks,
                webhooks=self.webhooks,
                studio=self.studio,
                person=person,
                record=record,
            )
            yield from walk.live()
            status, duration = "completed", ceil(walk.seconds)
        ended = self.account.change(record.sid, status=status, duration=duration, ended=self.account.now())
        self.account.take_order(record.sid)
        self.callbacks.tell_status(ended, "completed", status)

    def _ring(self, record: CallRecord, person: Person) -> Generator[float, None, str]:
        """The status that ringing ends with."""
        if person.answers in ("busy", "failed"):
            return person.answers
        patience = _read_seconds(record, "Timeout", RING_SECONDS)
        if person.answers == "no-answer" or person.after_rings > patience:
            yield patience * self.studio.scale
            return "no-answer" if self.account.find_call(record.sid).status == "ringing" else "canceled"
        self.callbacks.tell_status(record, "initiated", "initiated")
        self.callbacks.tell_status(record, "ringing", "ringing")
        yield person.after_rings * self.studio.scale
        return "in-progress" if self.account.answer(record.sid) else "canceled"


class Walk:
    """One answered call, from the first document to the end. `seconds` is the call time that has passed."""

    def __init__(
        self,
        account: Account,
        callbacks: Callbacks,
        webhooks: Webhooks,
        studio: Studio,
        person: Person,
        record: CallRecord,
    ) -> None:
        self.seconds = 0.0
        self._account, self._callbacks, self._webhooks = account, callbacks, webhooks
        self._studio, self._person, self._record = studio, person, record
        self._handset = Handset(self._post, studio.caption, studio.clinic)
        self._visits: Counter[str] = Counter()
        self._once: dict[str, str] = {}
        self._method, self._last_asked = "POST", ""
        self._detection = self._ask_detector()

    def live(self) -> Steps:
        """Lives the call. What no network accepts ends it, or leads it to the fallback address."""
        read_field = self._record.read_field
        first = Order(read_field("Url"), read_field("Method", "POST"), read_field("Twiml"))
        try:
            if self._detection and not self._record.detects_beside:
                yield from self._pass(self._detection[1])
            yield from self._talk(first)
        except HandsetError as error:
            self._account.change(self._record.sid, fault=str(error))
            yield from self._fall_back(Order(read_field("FallbackUrl"), read_field("FallbackMethod", "POST")))

    def _fall_back(self, order: Order) -> Steps:
        if not order.url:
            return
        self._once = {"ErrorCode": "11200", "ErrorUrl": self._last_asked}
        try:
            yield from self._talk(order)
        except HandsetError as error:
            self._account.change(self._record.sid, fault=f"{error}; so did the fallback")

    def _talk(self, order: Order | None) -> Steps:
        call = OpenCall(self._record.sid, self._record.caller, self._record.to)
        for _ in range(MOST_STEPS):
            talk: Talk | None
            if order is not None:
                talk = self._obey(call, order)
            elif call.over or call.gathering is None or self.seconds > LONGEST:
                return
            else:
                talk = yield from self._respond(call, call.gathering)
            if talk is None:
                return
            call, heard = talk
            yield from self._listen(heard)
            order = self._account.take_order(self._record.sid)

    # --- The network's side ------------------------------------------------------------------------------------------

    def _obey(self, call: OpenCall, order: Order) -> Talk | None:
        """Leaves the document and goes on elsewhere; None for an order to hang up."""
        verbs = _read_verbs(order)
        if not verbs:
            return None
        self._method = order.method
        call = replace(call, gathering=Gathering("", timeout=0), digits="", rest=verbs, over=False)
        following, heard = self._handset.wait(call)
        return following, [item for item in heard if item.kind != "silence" or item.seconds]

    def _post(self, url: str, fields: Mapping[str, str]) -> str:
        """The handset's door."""
        # The handset tells the end of a call to the line's own address; here that is the callbacks' task.
        if url == "/call/status":
            return ""
        form = {**self._callbacks.write_fields(self._record, "in-progress"), **fields, **self._once}
        method, self._method, self._once, self._last_asked = self._method, "POST", {}, url
        reply = self._webhooks.ask(url, form, method)
        if reply.status != 200:
            raise HandsetError(f"{url} answered {reply.status}")
        return reply.text

    def _ask_detector(self) -> tuple[str, float] | None:
        mode = self._record.read_field("MachineDetection")
        if mode not in ("Enable", "DetectMessageEnd"):
            return None
        return self._person.judge(mode, _read_seconds(self._record, "MachineDetectionTimeout", DETECTION_SECONDS))

    def _tell_detection(self, said: str, after: float) -> Steps:
        self._record = self._account.change(self._record.sid, answered_by=said)
        if not self._record.detects_beside:
            self._once = {"AnsweredBy": said, "MachineDetectionDuration": str(round(after * 1000))}
            return
        self._callbacks.tell_detection(self._record, said, after)
        for _ in range(0 if said == "human" else LULLS):
            if not self._account.has_order(self._record.sid):
                yield self._studio.lull / LULLS

    # --- The person's side -------------------------------------------------------------------------------------------

    def _listen(self, heard: Iterable[HandsetEvent]) -> Steps:
        """Hears one thing after the other, until an order cuts it short."""
        for item in heard:
            if self._account.has_order(self._record.sid):
                return
            ear = (item.url if item.kind == "play" else item.text) if item.kind in ("play", "say") else ""
            self._account.note(self._record.sid, heard=ear, place=item.text if item.kind == "node" else "")
            # A wait for keys has already passed when the handset tells of it.
            yield from self._pass(0.0 if item.kind == "silence" else item.seconds)

    def _pass(self, seconds: float) -> Steps:
        """Call time goes by; what the detector finds in it is told when it is found."""
        end = self.seconds + seconds
        if self._detection and self._detection[1] <= end:
            (said, after), self._detection = self._detection, None
            yield (after - self.seconds) * self._studio.scale
            self.seconds = after
            yield from self._tell_detection(said, after)
            if self._account.has_order(self._record.sid):
                return
        yield (end - self.seconds) * self._studio.scale
        self.seconds = end

    def _respond(self, call: OpenCall, gathering: Gathering) -> Generator[float, None, Talk | None]:
        """What the person does where keys are waited for; None when they hang up."""
        keys = self._choose_keys(read_place(gathering.action))
        if keys == HANG_UP:
            return None
        yield from self._pass(KEY_SECONDS if keys else 0.0)
        heard: list[HandsetEvent] = []
        for key in keys:
            if any(item.kind == "node" for item in heard) or self._account.has_order(call.sid):
                break
            self._account.note(call.sid, pressed=key)
            call, more = self._handset.press(call, key)
            heard += more
        if call.gathering is not gathering:
            return call, heard
        yield from self._pass(gathering.timeout)
        return (call, []) if self._account.has_order(call.sid) else self._handset.wait(call)

    def _choose_keys(self, place: Place) -> str:
        if self._person.answers != "human":
            return ""
        wished = self._person.language
        if wished and place.language not in ("", wished) and not self._visits[OTHER_LANGUAGE]:
            self._visits[OTHER_LANGUAGE] += 1
            return OTHER_LANGUAGE
        entry = self._person.find_entry(place.node)
        keys = self._person.choose_keys(place.node, self._visits[f"at {entry}"])
        self._visits[f"at {entry}"] += 1
        return keys


def _read_verbs(order: Order) -> tuple[str, ...]:
    """What a live call is to do next, as XML; empty for hanging up. Raises HandsetError."""
    if order.url:
        return (f"<Redirect>{escape(order.url)}</Redirect>",)
    if not order.twiml:
        return ()
    try:
        document = fromstring(order.twiml)
    except (ElementTree.ParseError, DefusedXmlException) as error:
        raise HandsetError("the document that the call was told cannot be read as XML") from error
    return tuple(ElementTree.tostring(verb, "unicode") for verb in document) or ("<Hangup/>",)


def _read_seconds(record: CallRecord, field: str, default: float) -> float:
    given = record.read_field(field)
    return float(given) if given.isdecimal() else default
