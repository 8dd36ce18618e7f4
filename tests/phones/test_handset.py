"""The simulator keeps the network's real rules: when a Gather is done, what a Dial brings, what no network accepts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

import pytest

from ivr.phones.handset import MOST_DOCUMENTS, Handset, HandsetError, HandsetEvent, OpenCall, PersonAnswers

CALLER, DIALED, SID = "+12125550123", "+12125550100", "CA1"
BASE = "https://line.example.org"


@dataclass
class Line:
    """Answers each path with one document, and notes every request with the fields that matter."""

    documents: Mapping[str, str]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def post(self, url: str, fields: Mapping[str, str]) -> str:
        path = url.removeprefix(BASE)
        told = {name: value for name, value in fields.items() if name not in ("CallSid", "From", "To")}
        assert (fields["CallSid"], fields["From"], fields["To"]) == (SID, CALLER, DIALED)
        self.asked.append((path, told))
        return "" if path == "/call/status" else self.documents[path]

    def make_handset(self, person: PersonAnswers = "no-answer") -> Handset:
        return Handset(self.post, lambda url: HandsetEvent("play", f"clip {url}", language="es", seconds=2.0), person)


def twiml(inner: str) -> str:
    return f"<Response>{inner}</Response>"


def gather(attributes: str = "", inner: str = "<Play>menu</Play>", after: str = "") -> str:
    rest = after or f'<Redirect method="POST">{BASE}/call/at/es/silence</Redirect>'
    return twiml(f'<Gather action="{BASE}/call/key/es/menu" {attributes}>{inner}</Gather>{rest}')


END = twiml("<Play>end</Play><Hangup/>")
ENDS = {"/call/key/es/menu": END, "/call/at/es/silence": END}


def dial(line: Line, person: PersonAnswers = "no-answer") -> tuple[OpenCall, list[HandsetEvent]]:
    return line.make_handset(person).call(SID, CALLER, DIALED)


def kinds(heard: list[HandsetEvent]) -> list[str]:
    return [item.kind for item in heard]


@pytest.mark.parametrize(
    ("attributes", "keys", "digits"),
    [
        ('numDigits="1" finishOnKey=""', "5", "5"),
        ('numDigits="1" finishOnKey=""', "#", "#"),
        ('numDigits="1" finishOnKey=""', "*", "*"),
        ('numDigits="3" finishOnKey=""', "1#*", "1#*"),
        ('numDigits="3"', "12#", "12"),
        ("", "2125550199#", "2125550199"),
        ('finishOnKey="*"', "1#2*", "1#2"),
    ],
)
def test_a_gather_is_done_with_its_last_digit_or_its_finishing_key_and_not_before(
    attributes: str, keys: str, digits: str
) -> None:
    line = Line({"/call": gather(attributes), **ENDS})
    call, _ = dial(line)
    for key in keys[:-1]:
        call, heard = line.make_handset().press(call, key)
        assert kinds(heard) == ["key"]
    assert len(line.asked) == 1
    call, heard = line.make_handset().press(call, keys[-1])
    assert line.asked[1] == ("/call/key/es/menu", {"CallStatus": "in-progress", "Digits": digits})
    assert kinds(heard) == ["key", "node", "play", "hangup"]


SINCE = "1795447800000"
"""When a place began to be heard, as the address of its key says."""


@pytest.mark.parametrize(
    ("address", "listened"),
    [
        (f"/call/key/es/menu?since={SINCE}", "/call/key/es/menu"),
        (f"/call/key/es/menu?tries=s1&told=2&since={SINCE}", "/call/key/es/menu?tries=s1&told=2"),
        ("/call/key/es/menu?tries=s1", "/call/key/es/menu?tries=s1"),
        ("/call/key/es/menu", "/call/key/es/menu"),
    ],
)
@pytest.mark.parametrize("hasty", [False, True])
def test_a_key_says_since_when_its_place_is_heard_only_where_the_caller_is_hasty(
    address: str, listened: str, hasty: bool
) -> None:
    waiting = twiml(f'<Gather action="{BASE}{escape(address)}" numDigits="1" finishOnKey=""/><Hangup/>')
    line = Line({"/call": waiting, address: END, listened: END})
    call, _ = dial(line)
    replace(line.make_handset(), hasty=hasty).press(call, "2")
    assert line.asked[1] == (address if hasty else listened, {"CallStatus": "in-progress", "Digits": "2"})


def test_nobody_is_hasty_unless_it_is_said() -> None:
    assert not Line({}).make_handset().hasty


def test_silence_without_digits_goes_on_with_the_document_and_tells_nobody() -> None:
    line = Line({"/call": gather('timeout="9"', after="<Play>after</Play><Hangup/>"), **ENDS})
    call, _ = dial(line)
    call, heard = line.make_handset().wait(call)
    assert heard[0] == HandsetEvent("silence", seconds=9)
    assert (heard[1].url, heard[2].kind, call.over) == ("after", "hangup", True)
    assert [path for path, _ in line.asked] == ["/call", "/call/status"]


def test_silence_after_some_digits_sends_them() -> None:
    line = Line({"/call": gather('numDigits="10"'), **ENDS})
    call, _ = dial(line)
    call, _ = line.make_handset().press(call, "2")
    call, _ = line.make_handset().press(call, "1")
    line.make_handset().wait(call)
    assert line.asked[1] == ("/call/key/es/menu", {"CallStatus": "in-progress", "Digits": "21"})


def test_a_gather_that_says_nothing_waits_five_seconds() -> None:
    line = Line({"/call": gather(), **ENDS})
    call, _ = dial(line)
    assert line.make_handset().wait(call)[1][0] == HandsetEvent("silence", seconds=5)


def test_a_new_gather_begins_with_no_digits() -> None:
    again = gather('numDigits="2"')
    line = Line({"/call": again, "/call/key/es/menu": again, "/call/at/es/silence": again})
    call, _ = dial(line)
    for key in "123":
        call, _ = line.make_handset().press(call, key)
    assert (call.digits, line.asked[1][1]["Digits"], len(line.asked)) == ("3", "12", 2)
    call, _ = line.make_handset().wait(replace(call, digits=""))
    assert line.asked[2][0] == "/call/at/es/silence"


def test_a_key_outside_a_gather_is_lost() -> None:
    line = Line({"/call": END})
    call, heard = dial(line)
    assert (kinds(heard), call.over) == (["node", "play", "hangup"], True)
    requests = list(line.asked)
    assert line.make_handset().press(call, "1") == (call, [HandsetEvent("key", "1")])
    assert line.make_handset().wait(call) == (call, [])
    assert line.asked == requests


def test_what_is_heard_is_told_with_its_words_and_seconds() -> None:
    inner = f'<Pause length="2"/><Play>{BASE}/a.wav</Play><Say language="es-US">Hola, buenos días.</Say><Pause/>'
    line = Line({"/call": gather(inner=inner), **ENDS})
    call, heard = dial(line)
    assert heard == [
        HandsetEvent("node", "es/menu"),
        HandsetEvent("pause", seconds=2),
        HandsetEvent("play", f"clip {BASE}/a.wav", f"{BASE}/a.wav", "es", 2),
        HandsetEvent("say", "Hola, buenos días.", language="es-US", seconds=1.3),
        HandsetEvent("pause", seconds=1),
    ]
    assert call.seconds == pytest.approx(6.3)


def test_a_clip_of_quiet_is_heard_as_quiet() -> None:
    inner = f"<Play>{BASE}/audio/quiet/2.wav</Play><Play>{BASE}/a.wav</Play>"
    line = Line({"/call": gather(inner=inner), **ENDS})
    captions = {f"{BASE}/audio/quiet/2.wav": HandsetEvent("pause", seconds=2.0)}
    handset = Handset(line.post, lambda url: captions.get(url, HandsetEvent("play", "words", seconds=3.0)))
    call, heard = handset.call(SID, CALLER, DIALED)
    assert heard[1:] == [
        HandsetEvent("pause", seconds=2.0),
        HandsetEvent("play", "words", f"{BASE}/a.wav", seconds=3.0),
    ]
    assert call.seconds == pytest.approx(5)


@pytest.mark.parametrize("ends", ["<Hangup/>", ""], ids=["it hangs up", "the document ends"])
def test_the_line_is_told_when_the_call_ends(ends: str) -> None:
    line = Line({"/call": twiml(f"<Play>bye</Play>{ends}")})
    call, heard = dial(line)
    assert (call.over, heard[-1]) == (True, HandsetEvent("hangup"))
    assert line.asked[1:] == [("/call/status", {"CallStatus": "completed", "CallDuration": "2"})]
    line.make_handset().hang_up(call)
    assert len(line.asked) == 2


def test_the_line_is_told_once_when_the_caller_puts_the_receiver_down() -> None:
    line = Line({"/call": gather(), **ENDS})
    call, _ = dial(line)
    call = line.make_handset().hang_up(call)
    line.make_handset().hang_up(call)
    assert (call.over, call.gathering) == (True, None)
    assert line.asked[1:] == [("/call/status", {"CallStatus": "completed", "CallDuration": "2"})]


# --- Redirects and documents that no network takes -------------------------------------------------------------------


def test_a_line_that_leads_round_in_a_circle_is_found_out() -> None:
    there = f"<Redirect>{BASE}/call/at/es/there</Redirect>"
    here = f"<Play>here</Play><Redirect>{BASE}/call/at/es/here</Redirect>"
    line = Line({"/call": twiml(there), "/call/at/es/there": twiml(here), "/call/at/es/here": twiml(there)})
    with pytest.raises(HandsetError, match="leads round in a circle at"):
        dial(line)
    assert len(line.asked) == MOST_DOCUMENTS + 1


def test_a_long_way_that_ends_is_no_circle() -> None:
    steps = {f"/call/at/es/{n}": twiml(f"<Redirect>{BASE}/call/at/es/{n + 1}</Redirect>") for n in range(18)}
    line = Line({"/call": twiml(f"<Redirect>{BASE}/call/at/es/0</Redirect>"), **steps, "/call/at/es/18": END})
    assert dial(line)[0].over


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("", "does not begin with its first element"),
        ("\n<Response/>", "does not begin with its first element"),
        (" <Response/>", "does not begin with its first element"),
        ("\ufeff<Response/>", "does not begin with its first element"),
        ('{"status": "ok"}', "does not begin with its first element"),
        ("<Response><Play>x</Response>", "cannot be read"),
        ("<Response>", "cannot be read"),
        ("<!doctype html><html><p>500</html>", "cannot be read"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><Response>&b;</Response>", "cannot be read"),
        ("<html><body>Not found</body></html>", "is not a Response"),
        ("<response/>", "is not a Response"),
        (twiml("<Spiel>x</Spiel>"), "knows the element Spiel"),
        (gather(inner="<Redirect>x</Redirect>"), "knows the element Redirect"),
    ],
)
def test_what_no_network_would_take_is_refused(document: str, fault: str) -> None:
    with pytest.raises(HandsetError, match=fault):
        dial(Line({"/call": document}))


# --- Ringing the clinic ----------------------------------------------------------------------------------------------

RINGS = twiml(
    f'<Play>wait</Play><Dial action="{BASE}/call/dialed/es/person"><Number url="{BASE}/call/whisper/es/person">'
    "+12125550150</Number></Dial><Redirect>/never</Redirect>"
)
WHISPER = twiml(f'<Gather action="{BASE}/call/taken/es/person" numDigits="1"><Play>for staff</Play></Gather><Hangup/>')
CLINIC = {"/call": RINGS, "/call/whisper/es/person": WHISPER, "/call/taken/es/person": twiml("")}


@pytest.mark.parametrize(
    ("person", "asked", "status", "bridged", "heard"),
    [
        ("takes", ["/call/whisper/es/person", "/call/taken/es/person"], "completed", "true", ["dial", "staff"]),
        ("ignores", ["/call/whisper/es/person"], "completed", "false", ["dial", "staff"]),
        ("busy", [], "busy", "false", ["dial"]),
        ("no-answer", [], "no-answer", "false", ["dial"]),
    ],
)
def test_ringing_the_clinic_ends_as_it_would_on_a_network(
    person: PersonAnswers, asked: list[str], status: str, bridged: str, heard: list[str]
) -> None:
    line = Line({**CLINIC, "/call/dialed/es/person": END})
    _, what = dial(line, person)
    assert [path for path, _ in line.asked] == ["/call", *asked, "/call/dialed/es/person", "/call/status"]
    outcome = {"CallStatus": "in-progress", "DialCallStatus": status, "DialBridged": bridged}
    assert dict(line.asked)["/call/dialed/es/person"] == outcome
    assert kinds(what) == ["node", "play", *heard, "node", "play", "hangup"]
    assert what[2] == HandsetEvent("dial", "+12125550150")


def test_the_key_that_takes_the_call_is_the_one_that_is_named() -> None:
    line = Line({**CLINIC, "/call/dialed/es/person": END})
    dial(line, "takes")
    assert dict(line.asked)["/call/taken/es/person"] == {"CallStatus": "in-progress", "Digits": "1"}


def test_a_whisper_that_waits_for_no_key_is_refused() -> None:
    line = Line({**CLINIC, "/call/whisper/es/person": twiml("<Play>x</Play>")})
    with pytest.raises(HandsetError, match="does not wait for the person's key"):
        dial(line, "takes")


def test_after_a_dial_without_an_action_the_document_goes_on_and_the_end_is_told() -> None:
    line = Line({"/call": twiml("<Dial>+12125550150</Dial><Play>after</Play><Hangup/>")})
    call, heard = dial(line)
    assert kinds(heard) == ["node", "dial", "play", "hangup"]
    assert (call.over, heard[1].text) == (True, "+12125550150")
    assert [path for path, _ in line.asked] == ["/call", "/call/status"]
