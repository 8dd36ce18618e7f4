"""A catalog says what each prompt is in a language, or why it cannot; the shipped ones are whole, and never English."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from ivr.errors import CatalogError, Fault
from ivr.line import phrases
from ivr.line.prompts import Audience, Prompt
from ivr.speech.catalogs import Catalog, read_catalog, read_catalogs
from ivr.speech.sources import TOPICS_FOLDER, read_topics
from tests.conftest import ROOT

LOCALES = ROOT / "locales"
PROMPTS = [*phrases.PHRASES.values(), *(prompt for topic in read_topics(TOPICS_FOLDER) for prompt in topic.prompts())]
FOR_CALLERS = [prompt for prompt in PROMPTS if prompt.audience is Audience.CALLER]
TRANSLATED = pytest.mark.parametrize("language", ["es", "zh"])

GREETING = Prompt("greeting", "Welcome to {clinic}.")
OFFER = Prompt("offer", "To go on, press {key}.")
WHISPER = Prompt("whisper", "A caller.", audience=Audience.STAFF)
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
OWN = 'msgctxt "greeting"\nmsgid "Welcome to {clinic}."\nmsgstr "%s"\n'


def catalog(folder: Path, text: str | bytes, language: str = "es", head: str = HEAD) -> Catalog:
    """The catalog that stands in this text. Its first message is on line 6 (its msgid; the context is above it)."""
    return read_catalog(written(folder, text, language, head), language)


def written(folder: Path, text: str | bytes, language: str = "es", head: str = HEAD) -> Path:
    path = folder / language / "LC_MESSAGES" / "spineline.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head.encode() + (text if isinstance(text, bytes) else text.encode()))
    return folder


def path_of(folder: Path, language: str = "es") -> str:
    return f"{folder}/{language}/LC_MESSAGES/spineline.po"


# --- What a catalog says ---------------------------------------------------------------------------------------------


def test_a_translation_is_found_by_the_prompts_id(tmp_path: Path) -> None:
    spanish = catalog(tmp_path, OWN % "Bienvenida a {clinic}.")
    assert spanish.text(GREETING) == "Bienvenida a {clinic}."
    assert list(spanish.faults([GREETING])) == []


def test_long_words_may_stand_on_several_lines(tmp_path: Path) -> None:
    text = 'msgctxt "greeting"\nmsgid ""\n"Welcome "\n"to {clinic}."\nmsgstr ""\n"Bienvenida "\n"a {clinic}."\n'
    assert catalog(tmp_path, text).text(GREETING) == "Bienvenida a {clinic}."


UNUSABLE = {
    "nothing there": ("", "", "is not translated yet. Write its msgstr."),
    "an empty translation": (OWN % "", ":6", "is not translated yet. Write its msgstr."),
    "a fuzzy translation": (
        "#, fuzzy\n" + OWN % "Bienvenida a {clinic}.",
        ":7",
        "is marked fuzzy. Read it against the English, then remove the mark.",
    ),
    "a translation of older English": (
        'msgctxt "greeting"\nmsgid "Hello."\nmsgstr "Hola."\n',
        ":6",
        "translates other English words. The English is now: Welcome to {clinic}.",
    ),
    "a translation under another context": (
        'msgctxt "hello"\nmsgid "Welcome to {clinic}."\nmsgstr "Bienvenida a {clinic}."\n',
        "",
        "is not translated yet. Write its msgstr.",
    ),
}


@pytest.mark.parametrize(("text", "line", "words"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_cannot_be_used_is_a_fault_at_its_line_and_is_never_spoken_in_english(
    tmp_path: Path, text: str, line: str, words: str
) -> None:
    spanish = catalog(tmp_path, text)
    assert list(spanish.faults([GREETING])) == [Fault(f"{path_of(tmp_path)}{line}", f"greeting: {words}")]
    with pytest.raises(KeyError, match="greeting is not translated into es"):
        spanish.text(GREETING)


BRACES = {
    "a placeholder that is missing": (
        "Bienvenida.",
        ["lacks {clinic}. Copy it from the English, braces and all."],
    ),
    "a placeholder too many": (
        "Bienvenida a {clinic}, oprima {key}.",
        ["holds {key}, which the English does not. Remove it, or correct its spelling."],
    ),
    "a placeholder that was translated": (
        "Bienvenida a {clínica}.",
        [
            "lacks {clinic}. Copy it from the English, braces and all.",
            "holds {clínica}, which the English does not. Remove it, or correct its spelling.",
        ],
    ),
    "a brace that is not closed": (
        "Bienvenida a {clinic.",
        ["has a brace that is not closed. Write placeholders as they stand in the English."],
    ),
    "a brace that was not opened": (
        "Bienvenida a clinic}.",
        ["has a brace that is not closed. Write placeholders as they stand in the English."],
    ),
    "a conversion in a placeholder": (
        "Bienvenida a {clinic!r}.",
        ["has a sign inside a placeholder. Write it exactly as in the English."],
    ),
    "a format in a placeholder": (
        "Bienvenida a {clinic:>9}.",
        ["has a sign inside a placeholder. Write it exactly as in the English."],
    ),
    "an empty placeholder": (
        "Bienvenida a {clinic}{}.",
        ["holds {}, which the English does not. Remove it, or correct its spelling."],
    ),
}


@pytest.mark.parametrize(("text", "words"), BRACES.values(), ids=BRACES.keys())
@pytest.mark.parametrize("language", ["es", "en"])
def test_braces_that_do_not_agree_are_faults(tmp_path: Path, language: str, text: str, words: list[str]) -> None:
    place = f"{path_of(tmp_path, language)}:6"
    found = list(catalog(tmp_path, OWN % text, language).faults([GREETING]))
    assert found == [Fault(place, f"greeting: {each}") for each in words]


def test_all_prompts_are_looked_at(tmp_path: Path) -> None:
    spanish = catalog(tmp_path, OWN % "Bienvenida.")
    assert [str(fault).removeprefix(path_of(tmp_path)) for fault in spanish.faults([GREETING, OFFER])] == [
        ":6: greeting: lacks {clinic}. Copy it from the English, braces and all.",
        ": offer: is not translated yet. Write its msgstr.",
    ]


# --- English, and what staff hear ------------------------------------------------------------------------------------


def test_english_needs_no_catalog(tmp_path: Path) -> None:
    english = read_catalog(tmp_path, "en")
    assert english.text(GREETING) == "Welcome to {clinic}."
    assert list(english.faults([GREETING, OFFER])) == []


def test_an_english_catalog_puts_a_clinics_own_words_in_place(tmp_path: Path) -> None:
    english = catalog(tmp_path, OWN % "This is {clinic}.", "en")
    assert english.text(GREETING) == "This is {clinic}."
    assert english.text(OFFER) == "To go on, press {key}."
    assert list(english.faults([GREETING, OFFER])) == []


def test_a_clinics_own_english_for_older_words_is_a_fault(tmp_path: Path) -> None:
    english = catalog(tmp_path, 'msgctxt "greeting"\nmsgid "Hello."\nmsgstr "Hi."\n', "en")
    assert english.text(GREETING) == "Welcome to {clinic}."
    words = "greeting: translates other English words. The English is now: Welcome to {clinic}."
    assert list(english.faults([GREETING])) == [Fault(f"{path_of(tmp_path, 'en')}:6", words)]


def test_what_staff_hear_is_english_and_needs_no_translation(tmp_path: Path) -> None:
    spanish = catalog(tmp_path, "")
    assert spanish.text(WHISPER) == "A caller."
    assert list(spanish.faults([WHISPER])) == []


# --- Files that cannot be read ---------------------------------------------------------------------------------------


def faults_of(folder: Path, *languages: str) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        read_catalogs(folder, languages)
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def test_a_language_without_a_catalog_is_a_fault_and_not_english(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "es") == [
        "es/LC_MESSAGES/spineline.po: There is no catalog for es. Make one, or close the language."
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{OWN % 'Hola {clinic}.'}nonsense\n", 8),
        ('msgctxt "greeting"\nmsgidd "Welcome"\n', 6),
    ],
)
def test_a_po_file_with_a_syntax_error_is_a_fault_at_its_line(tmp_path: Path, text: str, line: int) -> None:
    (found,) = faults_of(written(tmp_path, text), "es")
    assert found.startswith(f"es/LC_MESSAGES/spineline.po:{line}: This is not a valid PO file: ")


def test_a_syntax_error_names_no_second_line(tmp_path: Path) -> None:
    assert faults_of(written(tmp_path, "nonsense\n"), "es") == [
        "es/LC_MESSAGES/spineline.po:5: This is not a valid PO file: Unknown or misformatted keyword."
    ]


def test_a_file_that_is_not_utf8_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(written(tmp_path, (OWN % "Años").encode("latin-1")), "es") == [
        "es/LC_MESSAGES/spineline.po: This file is not UTF-8. Save it as UTF-8."
    ]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("Content-Type: text/plain; charset=klingon", "unknown encoding: klingon"),
        ("Language: !!", "expected only letters, got '!!'"),
        ("PO-Revision-Date: yesterday", "time data 'yesterday' does not match format '%Y-%m-%d %H:%M'"),
        ("Plural-Forms: nplurals=x; plural=0", "invalid literal for int() with base 10: 'x'"),
    ],
)
def test_a_head_that_cannot_be_read_is_a_fault(tmp_path: Path, field: str, words: str) -> None:
    head = f'msgid ""\nmsgstr ""\n"{field}\\n"\n\n'
    assert faults_of(written(tmp_path, OWN % "Hola {clinic}.", head=head), "es") == [
        f"es/LC_MESSAGES/spineline.po: This PO file cannot be read: {words}."
    ]


def test_a_plural_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(written(tmp_path, 'msgctxt "greeting"\nmsgid "Welcome"\nmsgstr[x] "Hola"\n'), "es") == [
        "es/LC_MESSAGES/spineline.po: This PO file cannot be read: invalid literal for int() with base 10: 'x'."
    ]


def test_the_faults_of_all_catalogs_are_shown_at_once(tmp_path: Path) -> None:
    written(tmp_path, "nonsense\n", "zh")
    places = [fault.split(": ")[0] for fault in faults_of(tmp_path, "es", "en", "zh")]
    assert places == ["es/LC_MESSAGES/spineline.po", "zh/LC_MESSAGES/spineline.po:5"]


def test_several_catalogs_are_read_by_their_languages(tmp_path: Path) -> None:
    written(tmp_path, OWN % "Bienvenida a {clinic}.")
    catalogs = read_catalogs(tmp_path, ("es", "en"))
    assert {code: each.text(GREETING) for code, each in catalogs.items()} == {
        "es": "Bienvenida a {clinic}.",
        "en": "Welcome to {clinic}.",
    }


# --- The catalogs that come with the line ----------------------------------------------------------------------------


@TRANSLATED
def test_a_shipped_catalog_is_whole(language: str) -> None:
    assert list(read_catalog(LOCALES, language).faults(PROMPTS)) == []


@TRANSLATED
def test_a_shipped_catalog_holds_the_callers_prompts_and_no_others(language: str) -> None:
    assert set(read_catalog(LOCALES, language).entries) == {prompt.id for prompt in FOR_CALLERS}


@TRANSLATED
def test_no_shipped_translation_is_the_english(language: str) -> None:
    shipped = read_catalog(LOCALES, language)
    assert [prompt.id for prompt in FOR_CALLERS if shipped.text(prompt) == prompt.text] == []


@TRANSLATED
def test_the_back_translation_is_of_the_words_as_they_are_now(language: str) -> None:
    shipped = read_catalog(LOCALES, language)
    with (LOCALES / language / "back-translation.po").open("rb") as file:
        messages = [message for message in read_po(file, abort_invalid=True) if message.id]
    assert {str(message.context): message.id for message in messages} == {
        prompt.id: shipped.text(prompt) for prompt in FOR_CALLERS
    }
    assert [message.context for message in messages if not message.string or message.fuzzy] == []
