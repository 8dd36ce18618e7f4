"""What a person reads of the check, and what a machine reads."""

import json
from dataclasses import replace

from ivr.errors import Fault
from ivr.speech.check import CheckReport, ClipMeasure
from ivr.speech.check_report import find_worst, measure_languages, write_json, write_table
from ivr.speech.marks import Mark
from ivr.speech.mastering import Measure


def clip(id_: str, badness: float = 0.2, language: str = "en", pace: str = "normal") -> ClipMeasure:
    """A clip of 2 s whose worst mark is its pace."""
    marks = (Mark("loudness", 0.1, "Its loudness is fine."), Mark("pace", badness, f"Its pace is {badness}."))
    measure = Measure(lufs=-20.1, peak=-4.0, seconds=2.0, leading=0.15, trailing=0.15, clipped=0)
    return ClipMeasure(language, id_, pace, f"{id_}-{pace}.wav", "tones alto", measure, 150.0, 2.1, marks)


MISSING = Fault("fil/hello (normal)", "There is no clip of these words. Run: flask audio build")
RUNNING = Fault("en (normal)", "The middle of its clips is at 300 words a minute; it has to be 125 to 235.")


def test_the_table_has_a_line_for_each_language_and_then_the_worst_clips() -> None:
    clips = [clip(f"clip-{number}") for number in range(20)]
    loud = replace(clips[0], measure=replace(clips[0].measure, lufs=-19.5, peak=-3.2))
    other = replace(clip("hello", 1.5, language="ja"), rate=None)
    table = list(write_table(CheckReport((loud, *clips[1:], other), (RUNNING, MISSING))))
    assert table[:7] == [
        "21 clips measured, 2 faults.",
        "       clips  seconds    pace a minute             LUFS   peak  faults",
        "en        20       40        150 words   -20.1 to -19.5   -3.2       1",
        "ja         1        2                -   -20.1 to -20.1   -4.0       0",
        "fil        0        0                -                -      -       1",
        "The worst clips (1.00 is the limit):",
        " 1.50 ja/hello (normal): Its pace is 1.5.",
    ]
    assert table[7] == " 0.20 en/clip-0 (normal): Its pace is 0.2."
    assert len(table) == 6 + 10


def test_where_nothing_is_measured_the_table_only_counts_the_faults() -> None:
    assert list(write_table(CheckReport((), (MISSING,)))) == ["0 clips measured, 1 faults."]


def test_the_pace_of_a_language_is_that_of_its_normal_clips() -> None:
    slow = [replace(clip(f"clip-{number}", pace="slow"), rate=100.0) for number in range(30)]
    normal = [clip(f"clip-{number}") for number in range(20)]
    assert [row.pace for row in measure_languages(CheckReport((*slow, *normal), ()))] == [150.0]


def test_the_worst_come_first_and_a_file_with_two_names_once() -> None:
    same = replace(clip("noon", 0.9), id="time.12")
    found = find_worst(CheckReport((clip("a", 0.3), clip("noon", 0.9), same, clip("b", 1.2), clip("c", 0.3)), ()), 3)
    assert [one.id for one in found] == ["b", "noon", "a"]


def test_json_holds_everything_under_keys_that_stay() -> None:
    content = json.loads(write_json(CheckReport((clip("hello", 1.2),), (RUNNING,))))
    assert content == {
        "languages": [
            {
                "language": "en",
                "clips": 1,
                "seconds": 2.0,
                "pace": None,
                "unit": "words",
                "lufs": [-20.1, -20.1],
                "peak": -4.0,
                "faults": 1,
            }
        ],
        "worst": ["en/hello (normal)"],
        "measures": [
            {
                "language": "en",
                "id": "hello",
                "pace": "normal",
                "name": "hello-normal.wav",
                "voice": "tones alto",
                "measure": {
                    "lufs": -20.1,
                    "peak": -4.0,
                    "seconds": 2.0,
                    "leading": 0.15,
                    "trailing": 0.15,
                    "clipped": 0,
                },
                "rate": 150.0,
                "unit": "words",
                "expected": 2.1,
                "badness": 1.2,
                "worst": "pace",
                "marks": {"loudness": 0.1, "pace": 1.2},
            }
        ],
        "faults": [{"place": "en (normal)", "words": RUNNING.words}],
    }


def test_the_loudness_of_silence_is_null_because_json_knows_no_infinity() -> None:
    silent = replace(clip("hello"), measure=replace(clip("hello").measure, lufs=float("-inf")))
    content = json.loads(write_json(CheckReport((silent,), ())))
    assert content["measures"][0]["measure"]["lufs"] is None
    assert content["languages"][0]["lufs"] == [None, None]
