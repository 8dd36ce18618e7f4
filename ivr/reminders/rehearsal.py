"""The rehearsal: everything that a campaign would do wrong, found before anything is dialed.

Rules kept here: the purpose (RULES C2), who calls (C3), how long the message runs, measured on the very clips that will
be played (C4, C11: a synthetic voice counts as a recorded one), the number that ends the calls (C6), words that tell
nobody what the call is about (H1), and no language that is closed or half spoken (L3). A campaign with a fault does not
start.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import phonenumbers

from ivr.errors import CatalogError, Fault
from ivr.line.flow import Said, speech
from ivr.line.languages import LANGUAGES
from ivr.line.neutral import NEUTRAL, forbidden_in
from ivr.line.nodes import Line, Number, Pause, Position, When
from ivr.line.prompts import Utterance
from ivr.line.reminder import gate, voicemail
from ivr.reminders.rules.appointments import Profile
from ivr.reminders.rules.rules import c2_purpose, c3_caller_is_named, c4_message_is_short, c6_opt_out_is_offered
from ivr.store.campaigns import Campaign
from ivr.store.results import Enlisted

SpokenNumbers = Mapping[Number | When, str]
"""Phone numbers in the groups in which they are said: "212 555 0123"."""
ARRIVALS = ("", "s1", "w1")
"""The first words of a place, and those after silence or a wrong key."""


class SpokenWords(Protocol):
    """The words of the line."""

    def text(self, language: str, utterance: Utterance) -> str:
        """The words of an utterance. Raises KeyError where there are none."""

    def line(self, said: Said) -> Any:
        """An utterance as a line of the script, by which its clip is found. Raises KeyError."""


class ClipLengths(Protocol):
    """The clips of the line."""

    def find_seconds(self, line: Any, /) -> float | None:
        """How long the clip of a line of the script plays, in seconds; None where there is none."""


@dataclass(frozen=True)
class RehearsalStage:
    """The line on which a campaign is rehearsed. `scripts` is what has to be spoken by language; `closed` says why a
    language is closed; `forbidden` are the beginnings of words that H1 forbids, by language; `clinic_name` is by
    language, "" for all; numbers are E.164, and `country` (two letters) decides how they are said."""

    line: Line
    words: SpokenWords
    clips: ClipLengths
    scripts: Mapping[str, Sequence[Any]]
    closed: Mapping[str, str]
    forbidden: Mapping[str, Sequence[str]]
    profile: Profile
    clinic_name: Mapping[str, str]
    clinic_number: str
    opt_out_number: str
    country: str
    calls_per_second: float

    @property
    def numbers(self) -> SpokenNumbers:
        """The numbers that a message says."""
        ours = group_digits(self.clinic_number, self.country)
        free = group_digits(self.opt_out_number, self.country)
        return {Number.OURS: ours, Number.CLINIC: ours, Number.OPT_OUT: free}

    def name(self, language: str) -> str:
        """The clinic's name as it is said in a language; "" where it has none."""
        return self.clinic_name.get(language) or self.clinic_name.get("", "")


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
        return max(one for one in both if one is not None) if None not in both else None


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
    parts = tuple(_measure_language(campaign, one, stage) for one in enlisted)
    found = [*_check_campaign(campaign, parts, stage)]
    if not check_topic(campaign, stage):
        found += [
            fault for part in parts if part.enlisted.recipients for fault in _check_language(campaign, part, stage)
        ]
    return Rehearsal(campaign, parts, tuple(dict.fromkeys(found)), stage.calls_per_second)


def rehearse_joining_languages(
    campaign: Campaign, languages: Iterable[str], stage: RehearsalStage
) -> tuple[Fault, ...]:
    """What is wrong with a campaign for languages that are to join it while it runs."""
    joining = [Enlisted(code, 1, 0, 0, 1, None, None, None, None) for code in sorted(languages)]
    return rehearse(campaign, joining, stage).faults


# --- The campaign as a whole ------------------------------------------------------------------------------------------


def _check_campaign(campaign: Campaign, parts: Sequence[LanguageRehearsal], stage: RehearsalStage) -> Iterator[Fault]:
    called = [part for part in parts if part.enlisted.recipients]
    if not called:
        yield Fault("recipients", "There is nobody to call. Upload a list of appointments.")
    yield from check_topic(campaign, stage)
    yield from c2_purpose(campaign.purpose)
    # The language without a name decides: everybody is told who calls.
    name = min((stage.name(part.language) for part in called), default=stage.name(""))
    yield from c3_caller_is_named(name, stage.clinic_number, campaign.caller)
    yield from c6_opt_out_is_offered(stage.opt_out_number)
    lengths = {part.language: part.longest for part in called if not part.closed and part.longest is not None}
    if lengths:
        yield from c4_message_is_short(lengths, stage.profile)


def check_topic(campaign: Campaign, stage: RehearsalStage) -> tuple[Fault, ...]:
    """The fault of a topic that the line has no reminders for."""
    if gate(campaign.topic) in stage.line.nodes and voicemail(campaign.topic) in stage.line.nodes:
        return ()
    return (Fault("topic", f"The line has no reminders about {campaign.topic!r}. Choose another topic."),)


# --- One language -----------------------------------------------------------------------------------------------------


def _measure_language(campaign: Campaign, enlisted: Enlisted, stage: RehearsalStage) -> LanguageRehearsal:
    code = enlisted.language
    if code not in stage.line.languages:
        return LanguageRehearsal(enlisted, stage.closed.get(code) or "it is not among the line's languages", None, None)
    if check_topic(campaign, stage):
        return LanguageRehearsal(enlisted, "", None, None)
    told = (stage.line, stage.words, stage.clips)
    lengths = [measure_message(*told, node, code, stage.numbers) for node in _name_messages(campaign)]
    return LanguageRehearsal(enlisted, "", *lengths)


def _name_messages(campaign: Campaign) -> tuple[str, str]:
    return gate(campaign.topic), voicemail(campaign.topic)


def _check_language(campaign: Campaign, part: LanguageRehearsal, stage: RehearsalStage) -> Iterator[Fault]:
    code = part.language
    if part.closed:
        spoken = LANGUAGES[code].name if code in LANGUAGES else code
        words = f"{part.enlisted.recipients} recipients speak {spoken}, and it is closed: {part.closed}."
        yield Fault(f"L3 language, {code}", f"{words} Open it, or take them out of the list.")
        return
    absent = sum(stage.clips.find_seconds(line) is None for line in stage.scripts[code])
    if absent:
        words = f"{absent} of {len(stage.scripts[code])} clips are not built. Run: flask audio build --language {code}"
        yield Fault(f"clips, {code}", words)
    yield from _check_first_words(campaign, code, stage)
    yield from _check_neutral_words(campaign, code, stage)


def _check_first_words(campaign: Campaign, code: str, stage: RehearsalStage) -> Iterator[Fault]:
    """RULES C3: the first thing that is said names the clinic."""
    for node in _name_messages(campaign):
        first = next(item for item in _speak(stage, node, code, "") if isinstance(item, Said))
        name = stage.name(code)
        if name and name not in stage.words.text(code, first.utterance):
            words = f"{first.utterance.prompt} does not name the clinic. Put {{clinic}} into its words."
            yield Fault(f"C3 first words, {code}", words)


def _check_neutral_words(campaign: Campaign, code: str, stage: RehearsalStage) -> Iterator[Fault]:
    """RULES H1: what anybody may hear, but for the clinic's own name, which may be said."""
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
        text = stage.words.text(code, utterance)
        if name := stage.name(code):
            text = text.replace(name, "")
        if found := sorted(forbidden_in(text, stage.forbidden[code], code)):
            shown = ", ".join(repr(stem) for stem in found)
            words = f"{utterance.prompt} tells what the call is about ({shown}). Change its words."
            yield Fault(f"H1 words, {code}", words)


def _speak(stage: RehearsalStage, node: str, code: str, arrival: str) -> Iterator[Said | Pause]:
    return speech(stage.line, Position(code, node, arrival), stage.numbers)


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


def group_digits(number: str, country: str) -> str:
    """The groups in which the line says an E.164 number ("212 555 0123"); "" for what is none.

    The same as `ivr.numbers.spoken_groups`, which this room may not know; a test holds the two together.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    home = phonenumbers.country_code_for_region(country) == parsed.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return " ".join(re.findall(r"\d+", phonenumbers.format_number(parsed, style)))


def read_forbidden(locales: Path, languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words that H1 forbids, by language, where there is a list. Raises CatalogError with every unreadable one."""
    lists: dict[str, tuple[str, ...]] = {}
    faults: list[Fault] = []
    for code in languages:
        path = locales / code / "neutral.toml"
        try:
            lists[code] = tuple(map(str, tomllib.loads(path.read_text("utf-8"))["forbidden"]))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            faults.append(Fault(str(path), f'It cannot be read ({error}). It holds one list: forbidden = ["...", ...]'))
    if faults:
        raise CatalogError(faults)
    return lists
