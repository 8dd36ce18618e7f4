"""The rehearsal: everything that a campaign would do wrong, found before anything is dialed.

Rules kept here: the purpose (rule C2), who calls (C3), how long the message runs, measured on the very clips that will
be played (C4, C11: a synthetic voice counts as a recorded one), the number that ends the calls (C6), words that tell
nobody what the call is about (H1), and no language that is closed or half spoken (L3). A campaign with a fault does not
start. The rules' ids are those of ivr/README.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ivr.errors import Fault
from ivr.line.languages import LANGUAGES
from ivr.line.neutral import NEUTRAL, forbidden_in
from ivr.line.nodes import Line, Pause, Position
from ivr.line.prompts import Utterance
from ivr.line.reminder import name_gate, name_voicemail
from ivr.line.speech import Said, speech
from ivr.reminders.rules.rules import c2_purpose, c3_caller_is_named, c4_message_is_short, c6_opt_out_is_offered
from ivr.reminders.stage import ClipLengths, RehearsalStage, SpokenNumbers, SpokenWords
from ivr.store.campaigns.campaigns import Campaign
from ivr.store.campaigns.results import Enlisted

ARRIVALS = ("", "s1", "s2", "w1", "w2")
"""The first words of a place, and those after silence or a wrong key: each new try teaches another key."""


@dataclass(frozen=True)
class LanguageRehearsal:
    """A campaign in one language: who is in it, why the language is closed ("" where it is open), how long the message
    to a person (once, without trying again) and to a machine runs, in seconds (None where a clip is missing)."""

    enlisted: Enlisted
    closed: str
    gate_seconds: float | None
    voicemail_seconds: float | None

    @property
    def language(self) -> str:
        """Its code."""
        return self.enlisted.language

    @property
    def longest(self) -> float | None:
        """The longer message, in seconds; None where either cannot be measured."""
        both = (self.gate_seconds, self.voicemail_seconds)
        return max(length for length in both if length is not None) if None not in both else None


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal found. With faults, the campaign does not start."""

    campaign: Campaign
    parts: tuple[LanguageRehearsal, ...]
    faults: tuple[Fault, ...]
    calls_per_second: float

    @property
    def recipients(self) -> int:
        """People who may be called."""
        return sum(part.enlisted.recipients for part in self.parts)

    @property
    def calls(self) -> int:
        """Calls that wait, the tries after one that failed left out."""
        return sum(part.enlisted.calls for part in self.parts)

    @property
    def dialing_seconds(self) -> float:
        """How long it takes to start them all."""
        return self.calls / self.calls_per_second


def rehearse(campaign: Campaign, enlisted: Iterable[Enlisted], stage: RehearsalStage) -> Rehearsal:
    """Everything that is wrong with a campaign, and how it would go."""
    parts = tuple(_measure_language(campaign, speakers, stage) for speakers in enlisted)
    found = [*_check_campaign(campaign, parts, stage)]
    if not check_topic(campaign, stage):
        called = [part for part in parts if part.enlisted.recipients]
        found += [fault for part in called for fault in _check_language(campaign, part, stage)]
    return Rehearsal(campaign, parts, tuple(dict.fromkeys(found)), stage.clinic.calls_per_second)


def rehearse_joining_languages(
    campaign: Campaign, languages: Iterable[str], stage: RehearsalStage
) -> tuple[Fault, ...]:
    """What is wrong with a campaign for languages that are to join it while it runs."""
    joining = [_enlist_somebody(code) for code in sorted(languages)]
    return rehearse(campaign, joining, stage).faults


def _enlist_somebody(language: str) -> Enlisted:
    return Enlisted(
        language=language,
        recipients=1,
        opted_out=0,
        cancelled=0,
        calls=1,
        first_at=None,
        last_at=None,
        first_appointment=None,
        last_appointment=None,
    )


# --- The campaign as a whole ------------------------------------------------------------------------------------------


def _check_campaign(campaign: Campaign, parts: Sequence[LanguageRehearsal], stage: RehearsalStage) -> Iterator[Fault]:
    called = [part for part in parts if part.enlisted.recipients]
    if not called:
        yield Fault("recipients", "There is nobody to call. Upload a list of appointments.")
    yield from check_topic(campaign, stage)
    yield from c2_purpose(campaign.purpose)
    # The language without a name decides: everybody is told who calls.
    clinic = stage.clinic
    name = min((clinic.find_name(part.language) for part in called), default=clinic.find_name(""))
    yield from c3_caller_is_named(name, clinic.number, campaign.caller)
    yield from c6_opt_out_is_offered(clinic.opt_out_number)
    lengths = {part.language: part.longest for part in called if not part.closed and part.longest is not None}
    if lengths:
        yield from c4_message_is_short(lengths, stage.profile)


def has_reminders(line: Line, topic: str) -> bool:
    """Whether a line has the places of a topic's reminder calls: what a person hears, and what a machine does."""
    return name_gate(topic) in line.nodes and name_voicemail(topic) in line.nodes


def check_topic(campaign: Campaign, stage: RehearsalStage) -> tuple[Fault, ...]:
    """The fault of a topic that the line has no reminders for."""
    if has_reminders(stage.spoken.line, campaign.topic):
        return ()
    return (Fault("topic", f"The line has no reminders about {campaign.topic!r}. Choose another topic."),)


# --- One language -----------------------------------------------------------------------------------------------------


def _measure_language(campaign: Campaign, enlisted: Enlisted, stage: RehearsalStage) -> LanguageRehearsal:
    code, spoken = enlisted.language, stage.spoken
    if code not in spoken.line.languages:
        return LanguageRehearsal(
            enlisted, spoken.closed.get(code) or "it is not among the line's languages", None, None
        )
    if check_topic(campaign, stage):
        return LanguageRehearsal(enlisted, "", None, None)
    if not spoken.line.is_open(name_gate(campaign.topic), code):
        reason = spoken.closed_topics.get(code, {}).get(campaign.topic, "its words are not whole")
        return LanguageRehearsal(enlisted, f"{campaign.topic} is not open in it: {reason}", None, None)
    numbers = stage.clinic.spoken_numbers
    gate_seconds, voicemail_seconds = (
        measure_message(spoken.line, spoken.words, spoken.clips, node, code, numbers)
        for node in _name_messages(campaign)
    )
    return LanguageRehearsal(enlisted, "", gate_seconds, voicemail_seconds)


def _name_messages(campaign: Campaign) -> tuple[str, str]:
    return name_gate(campaign.topic), name_voicemail(campaign.topic)


def _check_language(campaign: Campaign, part: LanguageRehearsal, stage: RehearsalStage) -> Iterator[Fault]:
    code = part.language
    if part.closed:
        name = LANGUAGES[code].name if code in LANGUAGES else code
        words = f"{part.enlisted.recipients} recipients speak {name}, and it is closed: {part.closed}."
        yield Fault(f"L3 language, {code}", f"{words} Open it, or take them out of the list.")
        return
    script = stage.spoken.scripts[code]
    absent = sum(stage.spoken.clips.find_seconds(line) is None for line in script)
    if absent:
        words = f"{absent} of {len(script)} clips are not built. Run: flask audio build --language {code}"
        yield Fault(f"clips, {code}", words)
    yield from _check_first_words(campaign, code, stage)
    yield from _check_neutral_words(campaign, code, stage)


def _check_first_words(campaign: Campaign, code: str, stage: RehearsalStage) -> Iterator[Fault]:
    """Rule C3: the first thing that is said names the clinic."""
    for node in _name_messages(campaign):
        first = next(item for item in _speak(stage, node, code, "") if isinstance(item, Said))
        name = stage.clinic.find_name(code)
        if name and name not in stage.spoken.words.text(code, first.utterance):
            words = f"{first.utterance.prompt} does not name the clinic. Put {{clinic}} into its words."
            yield Fault(f"C3 first words, {code}", words)


def _check_neutral_words(campaign: Campaign, code: str, stage: RehearsalStage) -> Iterator[Fault]:
    """Rule H1: what anybody may hear, but for the clinic's own name, which may be said."""
    if code not in stage.forbidden:
        words = f"There is no list of words that nobody may hear: locales/{code}/neutral.toml. Write one."
        yield Fault(f"H1 words, {code}", words)
        return
    said = [Utterance(prompt.id) for prompt in NEUTRAL]
    for node in _name_messages(campaign):
        for arrival in ARRIVALS:
            items = _speak(stage, node, code, arrival)
            said += [item.utterance for item in items if isinstance(item, Said) and item.language == code]
    for utterance in dict.fromkeys(said):
        text = stage.spoken.words.text(code, utterance)
        if name := stage.clinic.find_name(code):
            text = text.replace(name, "")
        if found := sorted(forbidden_in(text, stage.forbidden[code], code)):
            shown = ", ".join(repr(stem) for stem in found)
            words = f"{utterance.prompt} tells what the call is about ({shown}). Change its words."
            yield Fault(f"H1 words, {code}", words)


def _speak(stage: RehearsalStage, node: str, code: str, arrival: str) -> Iterator[Said | Pause]:
    return speech(stage.spoken.line, Position(code, node, arrival), stage.clinic.spoken_numbers)


# --- Measuring and reading --------------------------------------------------------------------------------------------


def measure_message(
    line: Line, words: SpokenWords, clips: ClipLengths, node: str, language: str, numbers: SpokenNumbers
) -> float | None:
    """How long a place runs from its first word to its last at the normal pace, in seconds, pauses included.

    None where a clip is missing, so that it cannot be measured.
    """
    total = 0.0
    for item in speech(line, Position(language, node), numbers):
        length = item.seconds if isinstance(item, Pause) else clips.find_seconds(words.line(item))
        if length is None:
            return None
        total += length
    return total
