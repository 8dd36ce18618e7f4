"""A language is open when it is whole, its counting is written and the rules allow it; else it says why not."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from ivr.errors import Fault
from ivr.line.prompts import Audience, Prompt
from ivr.line.topics import Section, Topic
from ivr.wording.availability import Availability, OpeningRules, judge_languages
from ivr.wording.catalogs import Catalog
from ivr.wording.language_files import LanguageFiles, read_language_files
from ivr.wording.review import Review, ReviewRecord, ReviewVerdict, hash_words
from ivr.wording.spoken import read_spoken
from ivr.wording.standing import Standing, Wording
from tests.wording.translation import LOCALES, PROMPTS, SECTIONS

HELLO = Prompt("hello", "Hello.")
BYE = Prompt("bye", "Goodbye.")
STAFF = Prompt("staff", "A caller.", audience=Audience.STAFF)
TOPIC = Topic(
    id="knee",
    choice=HELLO,
    welcome=HELLO,
    whisper=STAFF,
    reviewed=BYE,
    sections=(Section("rest", title=BYE, choice=HELLO, clips=(HELLO, BYE)),),
    facts={},
)
OWN = (HELLO, STAFF)
SPANISH = {"hello": "Hola.", "bye": "Adiós."}
FORMS = read_spoken(LOCALES, "es")
ALLOW = OpeningRules("allow")


def review(prompt: Prompt, text: str, verdict: ReviewVerdict = ReviewVerdict.APPROVED) -> Review:
    hashes = hash_words(prompt.text), hash_words(text)
    return Review(prompt.id, *hashes, "R. Reviewer", "certified", date(2026, 11, 22), verdict)


def language(code: str = "es", reviews: Sequence[Review] = (), missing: tuple[str, ...] = ()) -> LanguageFiles:
    """A language that is whole, but for what is said."""
    there = [prompt for prompt in (HELLO, BYE) if prompt.id not in missing]
    texts = {prompt.id: Standing(prompt.text, SPANISH[prompt.id]) for prompt in there}
    wording = Wording(code, texts, missing=missing)
    return LanguageFiles(code, Catalog(code, "es.po", {}), wording, FORMS, ReviewRecord(code, tuple(reviews)))


REVIEWED = [review(HELLO, "Hola."), review(BYE, "Adiós.")]
HALF = REVIEWED[:1]
OTHER_WORDS = [*HALF, review(BYE, "Hasta luego.")]
REJECTED = [*REVIEWED, review(BYE, "Adiós.", ReviewVerdict.REJECTED)]
UNREADABLE = LanguageFiles(
    "es",
    Catalog("es", "", {}),
    Wording("es", {}, missing=("hello", "bye")),
    None,
    ReviewRecord("es"),
    faults=(Fault("es.po:7", "This is not a valid PO file."),),
)
UNCOUNTED = LanguageFiles("es", Catalog("es", "", {}), language().wording, None, ReviewRecord("es"))
NOT_ALL = "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)"
PREVIEW = "its only voice is a preview (PREVIEW_VOICES is close)"
"""What `ivr/speech/fitness.py` says of a voice."""
DECISIONS: dict[str, tuple[LanguageFiles, bool, OpeningRules, str, bool]] = {
    "whole, allowed": (language(), False, ALLOW, "", False),
    "whole, announced": (language(), False, OpeningRules("announce"), "", True),
    "whole, hidden": (language(), False, OpeningRules("hide"), NOT_ALL, False),
    "reviewed, announced": (language(reviews=REVIEWED), False, OpeningRules("announce"), "", False),
    "reviewed, hidden": (language(reviews=REVIEWED), False, OpeningRules("hide"), "", False),
    "half reviewed": (language(reviews=HALF), False, OpeningRules("hide"), NOT_ALL, False),
    "half reviewed, announced": (language(reviews=HALF), False, OpeningRules("announce"), "", True),
    "reviewed in other words": (language(reviews=OTHER_WORDS), False, OpeningRules("hide"), NOT_ALL, False),
    "rejected at last": (language(reviews=REJECTED), False, OpeningRules("hide"), NOT_ALL, False),
    "English is the source": (language("en"), False, OpeningRules("hide"), "", False),
    "a voice that patients may not hear": (language(), True, OpeningRules("allow"), PREVIEW, False),
    "a prompt without words": (
        language(missing=("bye",)),
        False,
        ALLOW,
        "1 prompts have no words, bye among them",
        False,
    ),
    "counting that is not written": (UNCOUNTED, False, ALLOW, "its way of counting is not written", False),
    "files that cannot be read": (
        UNREADABLE,
        False,
        ALLOW,
        "its files cannot be read: es.po:7: This is not a valid PO file.",
        False,
    ),
}


@pytest.mark.parametrize(("files", "unfit", "rules", "closed", "announced"), DECISIONS.values(), ids=DECISIONS.keys())
def test_which_languages_open(
    files: LanguageFiles, unfit: bool, rules: OpeningRules, closed: str, announced: bool
) -> None:
    found = judge_languages({files.language: files}, [TOPIC], OWN, {files.language: PREVIEW if unfit else ""}, rules)
    assert found == Availability(
        {files.language: closed} if closed else {}, frozenset({files.language} if announced else ())
    )


def test_what_closes_one_language_closes_no_other() -> None:
    found = judge_languages({"es": UNREADABLE, "fr": language("fr")}, [TOPIC], OWN, {}, ALLOW)
    assert list(found.closed) == ["es"]


# --- Read from files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["en", "es", "ar", "yue"])
def test_a_shipped_language_is_whole_and_nobody_has_reviewed_it(code: str) -> None:
    files = read_language_files(LOCALES, code, PROMPTS, SECTIONS)
    assert (files.faults, files.wording.missing, files.wording.waiting) == ((), (), ())
    assert (files.count_reviewed(PROMPTS), files.is_wholly_reviewed(PROMPTS)) == (0, code == "en")


def test_a_language_without_files_is_a_fault_and_no_error(tmp_path: Path) -> None:
    files = read_language_files(tmp_path, "es", PROMPTS, SECTIONS)
    assert [str(fault) for fault in files.faults] == [
        f"{tmp_path}/es/LC_MESSAGES/spineline.po: There is no catalog for es. Make one, or close the language."
    ]
    assert (files.forms, files.wording.texts, len(files.wording.missing)) == (None, {}, len(PROMPTS))
