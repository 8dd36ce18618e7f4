"""What a finished clip has to measure (rule M8, ivr/README.md), whoever spoke it.

Mastering works towards these limits, and the check, the import of recordings and the listening page hold clips to them.
They stand apart from the code that measures, so that reading a limit loads no library for sound.
"""

CHAIN_VERSION = "3"
"""The version of what mastering does to a sound. It is part of every clip's address: whoever changes the chain raises
it, and every clip is made anew."""

RATE = 8_000
"""Hz. Telephones carry no more."""

LOUDNESS = -20.0
"""LUFS (ITU-R BS.1770-4, gated)."""

TOLERANCE = 1.0
"""LU either side of LOUDNESS that a clip may have. Mastering itself keeps within a fifth of it."""

PEAK = -3.0
"""dBFS that no sample may reach."""

LONGEST_STRAY, USUAL_STRAY = 0.05, 0.02
"""Seconds of voice before the first hiss of a clip whose words begin with one (s, sh): what one clip may have at most,
and what most clips of a voice have to keep under."""

MOST_STRAYS = 0.05
"""The share of a voice's clips that may sound longer than USUAL_STRAY."""

LONGEST_SILENCE = 0.4
"""Seconds before and after the words."""

LONGEST_CLIP = 25.0
"""Seconds at the normal pace: longer than that nobody listens without a choice."""
