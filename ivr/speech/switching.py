"""How the clips of a language change in the manifest: from one voice to another, or remembered beside it.

Rule kept here: a language changes its voice as a whole. Files of the voice before stay known for a while, because calls
under way may still fetch them.
"""

from dataclasses import replace

from ivr.speech.engines import RECORDINGS
from ivr.speech.manifest import ClipSet, LanguageClips


def switch_voice(before: LanguageClips, clips: ClipSet) -> LanguageClips:
    """`clips` are heard from now on.

    What the same voice said before and is not asked for now (in another order of languages, say) stays in the set.
    """
    old = before.active_set
    if old and before.active == clips.key:
        clips = _merge(old, clips)
    names = {clip.name for clip in clips.list_clips()}
    dropped = {clip.name for clip in old.list_clips()} - names if old else set()
    recorded = {key: clip_set for key, clip_set in before.sets.items() if clip_set.engine == RECORDINGS}
    return LanguageClips(clips.key, {**recorded, clips.key: clips}, tuple(sorted(dropped)) or before.earlier)


def remember_beside(before: LanguageClips, clips: ClipSet) -> LanguageClips:
    """`clips` are remembered, with the words of those of this voice that were there before; what is heard stays."""
    if before.active == clips.key or not clips.list_clips():
        return before
    merged = _merge(before.sets.get(clips.key, clips), clips)
    return replace(before, sets={**before.sets, clips.key: merged})


def _merge(old: ClipSet, new: ClipSet) -> ClipSet:
    return replace(new, normal={**old.normal, **new.normal}, slow={**old.slow, **new.slow})
