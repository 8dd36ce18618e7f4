"""How fast the person speaks whose recordings lie in a folder: what a single one of them is held against.

By its letters alone no recording can be called too short: people speak 10 to 17 letters a second, so a quarter of the
words may be missing from a slow voice. Rule kept here: a recording is compared with the others of the same person.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from ivr.errors import SpeechError
from ivr.speech.manifest import Clip
from ivr.speech.mastering import MARGIN, decode, filter_rumble, measure
from ivr.speech.pace import ENOUGH, find_seconds_a_letter, measure_length
from ivr.speech.reading import LARGEST
from ivr.wording.script import ScriptLine


def find_folder_pace(takes: Sequence[tuple[Path, ScriptLine]], known: Collection[Clip]) -> float | None:
    """Seconds a letter of the files in `takes` and of the recordings behind the clips that are `known`; None where they
    are too few to tell. Files that cannot be read are passed over."""
    ids = {line.id for _, line in takes}
    spoken = list(_measure_clips([clip for clip in known if clip.recording and clip.id not in ids]))
    if len(spoken) + len(takes) < ENOUGH:
        return None
    return find_seconds_a_letter([*spoken, *_measure_takes(takes)])


def _measure_clips(clips: Sequence[Clip]) -> Iterator[tuple[float, float]]:
    shortest: dict[str, Clip] = {}  # of one recording there is a clip at each pace: the shorter is the normal one
    for clip in sorted(clips, key=lambda clip: clip.seconds):
        shortest.setdefault(clip.id, clip)
    for clip in shortest.values():
        yield measure_length(clip.text, clip.language), clip.seconds - 2 * MARGIN


def _measure_takes(takes: Sequence[tuple[Path, ScriptLine]]) -> Iterator[tuple[float, float]]:
    for path, line in takes:
        try:
            if path.stat().st_size > LARGEST:
                continue
            sound = filter_rumble(decode(path.read_bytes()))
        except (OSError, SpeechError):
            continue
        found = measure(sound.samples, sound.rate)
        yield measure_length(line.text, line.language), found.seconds - found.leading - found.trailing
