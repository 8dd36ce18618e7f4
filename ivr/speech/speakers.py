"""Who speaks a language: its recordings, the clips of the checkout, or an engine, in the order that the settings give.

Rules kept here: one voice a language. A speaker is chosen only where it covers every line of the language, and where
the language's own voice lacks some words, no other voice silently takes its place. A voice with an accent speaks only
where its clips come with the checkout, or the settings name it for that language: it is slow to make, and somebody has
to want it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import Fault
from ivr.line.languages import LANGUAGES
from ivr.speech.checkout_speaker import CheckoutSpeaker
from ivr.speech.engine_speaker import EngineSpeaker
from ivr.speech.engines import INSTALLS, RECORDINGS
from ivr.speech.engines.recordings import Recordings
from ivr.speech.manifest import ClipSet, locate_committed_layer, read_manifest
from ivr.speech.sound import Engine, Grade
from ivr.speech.speaker import Speaker
from ivr.wording.lexicon import Lexicon
from ivr.wording.script import ScriptLine


@dataclass(frozen=True)
class VoiceGap:
    """`lines` that a language's own `voice` cannot say on this machine."""

    voice: CheckoutSpeaker
    lines: tuple[ScriptLine, ...]

    @property
    def is_loss(self) -> bool:
        """Whether the lines came with the checkout, in exactly these words, and only their files are gone."""
        known = self.voice.clips.normal
        return all(line.id in known and known[line.id].text == line.text for line in self.lines)


@dataclass(frozen=True)
class Speakers:
    """Everyone who may speak in one build. `checkout` is by language code, `engines` by engine name. `orders` names
    who is asked first, by language ("" for all others)."""

    recordings: Recordings
    checkout: Mapping[str, CheckoutSpeaker]
    engines: Mapping[str, EngineSpeaker]
    orders: Mapping[str, Sequence[str]]

    def find_recordings(self, language: str) -> Recordings | None:
        """The recordings, where the settings have them for this language."""
        return self.recordings if RECORDINGS in self.find_order(language) else None

    def choose(self, lines: Sequence[ScriptLine]) -> Speaker | VoiceGap | None:
        """Who speaks all of `lines` (of one language); None where nobody does.

        The clips of the checkout have the place of their engine in the order. Where they are reached and lack lines,
        the answer is the gap.
        """
        language = lines[0].language if lines else ""
        own = self.checkout.get(language)
        for name in self.find_order(language):
            if own and name == own.name and (gaps := own.find_gaps(lines)):
                return VoiceGap(own, gaps)
            for speaker in self._find_by_name(name, own):
                if speaker.covers(lines) and (speaker is own or self._is_wanted(speaker, language)):
                    return speaker
        return None

    def find_order(self, language: str) -> Sequence[str]:
        """The names of those who are asked for a language, best first."""
        return self.orders.get(language, self.orders[""])

    def _is_wanted(self, speaker: Speaker, language: str) -> bool:
        return language in self.orders or speaker.grade(language) is not Grade.ACCENTED

    def _find_by_name(self, name: str, own: CheckoutSpeaker | None) -> Iterator[Speaker]:
        if name == RECORDINGS:
            yield self.recordings
        if own and name == own.name:
            yield own
        if name in self.engines:
            yield self.engines[name]


def gather_speakers(
    folder: Path, engines: Sequence[Engine], orders: Mapping[str, Sequence[str]], lexicons: Mapping[str, Lexicon]
) -> Speakers:
    """Everyone who may speak from the audio folder `folder`. `orders` and `lexicons` are by language.

    Raises SpeechError where the committed manifest cannot be read.
    """
    by_name = {engine.name: EngineSpeaker(engine, lexicons) for engine in engines}
    languages = read_manifest(locate_committed_layer(folder).manifest).languages
    checkout = {
        code: _make_checkout_speaker(folder, code, clips.active_set, by_name)
        for code, clips in languages.items()
        if clips.active_set
    }
    return Speakers(Recordings(folder / "recordings"), checkout, by_name, orders)


def _make_checkout_speaker(
    folder: Path, code: str, clips: ClipSet, engines: Mapping[str, EngineSpeaker]
) -> CheckoutSpeaker:
    engine = engines.get(clips.engine)
    has_voice = engine is not None and engine.grade(code) is not None and engine.name_voice(code) == clips.voice
    return CheckoutSpeaker(folder=folder, language=code, clips=clips, engine=engine if has_voice else None)


def explain_silence(code: str) -> Fault:
    """That nobody on this machine speaks a language, and the ways out."""
    name = LANGUAGES[code].name if code in LANGUAGES else code
    return Fault(
        code,
        f"No voice on this machine speaks {name}. Record it (audio/recordings/{code}/), install an engine that speaks "
        f"it, or move the language to another voice; until then it stays closed.",
    )


def explain_gap(code: str, gap: VoiceGap) -> Fault:
    """Which words a language's own voice lacks, and the ways out."""
    prompts = ", ".join(line.id for line in gap.lines[:5]) + (" ..." if len(gap.lines) > 5 else "")
    name, voice = LANGUAGES[code].name, gap.voice
    install = INSTALLS.get(voice.name, "audio/README.md says how")
    if gap.is_loss:
        return Fault(code, f"Files of {len(gap.lines)} clips are gone: {prompts}. {voice.remedy}")
    return Fault(
        code,
        f"{len(gap.lines)} prompts have words that this language's voice ({voice.name} {voice.clips.voice}) has not "
        f"said yet: {prompts}. Install it ({install}), record all of {name} (audio/recordings/{code}/), or move the "
        f"whole language to another voice (SPEECH_ENGINES). What was heard before is still heard.",
    )
