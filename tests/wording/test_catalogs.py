"""A catalog says what each prompt is in a language, or why it cannot; the shipped ones are whole, and never English."""

import re
from pathlib import Path

import pytest

from ivr.errors import CatalogError, Fault
from ivr.line.prompts import Audience, Prompt
from ivr.wording.catalogs import Catalog, read_catalog, read_entries, read_set_aside
from ivr.wording.review import ReviewRecord
from ivr.wording.standing import Drafts, settle_wording
from tests.wording.translation import FOR_CALLERS, LOCALES, PROMPTS, TRANSLATED

EACH_TRANSLATED = pytest.mark.parametrize("language", TRANSLATED)

GREETING = Prompt("greeting", "Welcome to {clinic}.")
OFFER = Prompt("offer", "To go on, press {key}.")
WHISPER = Prompt("whisper", "A caller.", audience=Audience.STAFF)
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
OWN = 'msgctxt "greeting"\nmsgid "Welcome to {clinic}."\nmsgstr "%s"\n'


def catalog(folder: Path, text: str | bytes, language: str = "es", head: str = HEAD) -> Catalog:
    """The catalog that stands in this text. Its first message is on line 6 (its msgid; the context is above it)."""
    return read_catalog(written(folder, text, language, head), language)


def said(spoken: Catalog, prompt: Prompt) -> str:
    """What callers hear of a catalog beside which nothing stands."""
    drafts = Drafts(spoken, {}, ReviewRecord(spoken.language))
    return settle_wording(drafts, [prompt], {prompt.id: prompt.id}).text(prompt)


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
    assert said(spanish, GREETING) == "Bienvenida a {clinic}."
    assert list(spanish.find_faults([GREETING])) == []


def test_long_words_may_stand_on_several_lines(tmp_path: Path) -> None:
    text = 'msgctxt "greeting"\nmsgid ""\n"Welcome "\n"to {clinic}."\nmsgstr ""\n"Bienvenida "\n"a {clinic}."\n'
    assert said(catalog(tmp_path, text), GREETING) == "Bienvenida a {clinic}."


UNUSABLE = {
    "nothing there": ("", "", "is not translated yet. Write its msgstr.", ""),
    "an empty translation": (OWN % "", ":6", "is not translated yet. Write its msgstr.", ""),
    "a fuzzy translation": (
        "#, fuzzy\n" + OWN % "Bienvenida a {clinic}.",
        ":7",
        "is marked fuzzy. Read it against the English, then remove the mark.",
        "Bienvenida a {clinic}.",
    ),
    "a translation of older English": (
        'msgctxt "greeting"\nmsgid "Hello."\nmsgstr "Hola."\n',
        ":6",
        "translates other English words. The English is now: Welcome to {clinic}.",
        "Hola.",
    ),
    "a translation under another context": (
        'msgctxt "hello"\nmsgid "Welcome to {clinic}."\nmsgstr "Bienvenida a {clinic}."\n',
        "",
        "is not translated yet. Write its msgstr.",
        "",
    ),
}


@pytest.mark.parametrize(("text", "line", "words", "heard"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_is_not_finished_is_a_fault_at_its_line_and_is_never_spoken_in_english(
    tmp_path: Path, text: str, line: str, words: str, heard: str
) -> None:
    spanish = catalog(tmp_path, text)
    assert list(spanish.find_faults([GREETING])) == [Fault(f"{path_of(tmp_path)}{line}", f"greeting: {words}")]
    if heard:
        assert said(spanish, GREETING) == heard
    else:
        with pytest.raises(KeyError, match="greeting is not translated into es"):
            said(spanish, GREETING)


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
    found = list(catalog(tmp_path, OWN % text, language).find_faults([GREETING]))
    assert found == [Fault(place, f"greeting: {each}") for each in words]


@pytest.mark.parametrize("text", [text for text, _ in BRACES.values()], ids=BRACES.keys())
def test_words_whose_braces_do_not_agree_are_never_spoken(tmp_path: Path, text: str) -> None:
    assert said(catalog(tmp_path, OWN % text, "en"), GREETING) == "Welcome to {clinic}."
    with pytest.raises(KeyError, match="greeting is not translated into es"):
        said(catalog(tmp_path, OWN % text), GREETING)


def test_all_prompts_are_looked_at(tmp_path: Path) -> None:
    spanish = catalog(tmp_path, OWN % "Bienvenida.")
    assert [str(fault).removeprefix(path_of(tmp_path)) for fault in spanish.find_faults([GREETING, OFFER])] == [
        ":6: greeting: lacks {clinic}. Copy it from the English, braces and all.",
        ": offer: is not translated yet. Write its msgstr.",
    ]


@pytest.mark.parametrize(
    "before",
    ['#| msgid "Hello to {clinic}."\n', '#| msgctxt "greeting"\n#| msgid ""\n#| "Hello "\n#| "to {clinic}."\n'],
)
def test_the_english_before_is_known_from_its_marks_and_is_no_note(tmp_path: Path, before: str) -> None:
    text = f"# A note.\n{before}#, fuzzy\n" + OWN % "Hola a {clinic}."
    found = catalog(tmp_path, text).entries["greeting"]
    assert (found.previous, found.notes, found.fuzzy) == ("Hello to {clinic}.", ("A note.",), True)


# --- English, and what staff hear ------------------------------------------------------------------------------------


def test_english_needs_no_catalog(tmp_path: Path) -> None:
    english = read_catalog(tmp_path, "en")
    assert said(english, GREETING) == "Welcome to {clinic}."
    assert list(english.find_faults([GREETING, OFFER])) == []


def test_an_english_catalog_puts_a_clinics_own_words_in_place(tmp_path: Path) -> None:
    english = catalog(tmp_path, OWN % "This is {clinic}.", "en")
    assert said(english, GREETING) == "This is {clinic}."
    assert said(english, OFFER) == "To go on, press {key}."
    assert list(english.find_faults([GREETING, OFFER])) == []


def test_a_clinics_own_english_for_older_words_is_a_fault(tmp_path: Path) -> None:
    english = catalog(tmp_path, 'msgctxt "greeting"\nmsgid "Hello."\nmsgstr "Hi."\n', "en")
    assert said(english, GREETING) == "Welcome to {clinic}."
    words = "greeting: translates other English words. The English is now: Welcome to {clinic}."
    assert list(english.find_faults([GREETING])) == [Fault(f"{path_of(tmp_path, 'en')}:6", words)]


def test_what_staff_hear_is_english_and_needs_no_translation(tmp_path: Path) -> None:
    spanish = catalog(tmp_path, "")
    assert said(spanish, WHISPER) == "A caller."
    assert list(spanish.find_faults([WHISPER])) == []


# --- Files that cannot be read ---------------------------------------------------------------------------------------


def faults_of(folder: Path, language: str) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        read_catalog(folder, language)
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


@pytest.mark.parametrize(
    "broken", ['msgstr Hola {clinic}."', 'msgstr "Hola {clinic}.', 'msgstr "Hola "amigo" {clinic}."']
)
def test_a_missing_quotation_mark_is_a_fault_and_no_letter_is_lost(tmp_path: Path, broken: str) -> None:
    text = (OWN % "Hola {clinic}.").replace('msgstr "Hola {clinic}."', broken)
    (found,) = faults_of(written(tmp_path, text), "es")
    assert found.endswith(
        "This is not a valid PO file: a quotation mark is missing here, or needs a backslash before it."
    )


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


def test_what_the_head_says_of_the_letters_changes_none_of_them(tmp_path: Path) -> None:
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=latin-1\\n"\n\n'
    spanish = read_catalog(written(tmp_path, OWN % "Años, {clinic}.", head=head), "es")
    assert said(spanish, GREETING) == "Años, {clinic}."


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["line feeds", "as Windows ends lines"])
def test_a_catalog_is_read_however_an_editor_saved_it(tmp_path: Path, start: bytes, end: str) -> None:
    path = Path(path_of(written(tmp_path, OWN % "Esta\u0301\u00a0 bien, {clinic}.")))
    path.write_bytes(start + path.read_text("utf-8").replace("\n", end).encode())
    assert said(read_catalog(tmp_path, "es"), GREETING) == "Está bien, {clinic}."


def test_what_is_set_aside_keeps_its_mark_and_the_english_before(tmp_path: Path) -> None:
    note = "# set aside while it waited for: Bye now."
    gone = f'\n{note}\n#~ msgctxt "gone"\n#~ msgid "Bye."\n#~ msgstr "Adiós."\n'
    path = Path(path_of(written(tmp_path, OWN % "Bienvenida a {clinic}." + gone)))
    (entry,) = read_set_aside(path).values()
    assert (entry.text, entry.fuzzy, entry.previous, entry.notes) == ("Adiós.", True, "Bye now.", ())


def test_a_plural_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(written(tmp_path, 'msgctxt "greeting"\nmsgid "Welcome"\nmsgstr[x] "Hola"\n'), "es") == [
        "es/LC_MESSAGES/spineline.po: This PO file cannot be read: invalid literal for int() with base 10: 'x'."
    ]


def test_what_is_set_aside_in_a_file_is_no_part_of_the_catalog_but_is_known(tmp_path: Path) -> None:
    gone = '\n#~ msgctxt "gone"\n#~ msgid "Bye."\n#~ msgstr "Adiós."\n'
    path = Path(path_of(written(tmp_path, OWN % "Bienvenida a {clinic}." + gone)))
    assert {name: entry.text for name, entry in read_entries(path).items()} == {"greeting": "Bienvenida a {clinic}."}
    assert {name: entry.text for name, entry in read_set_aside(path).items()} == {"gone": "Adiós."}
    assert read_set_aside(tmp_path / "nothing.po") == {}


# --- The catalogs that come with the line ----------------------------------------------------------------------------


@EACH_TRANSLATED
def test_a_shipped_catalog_is_whole(language: str) -> None:
    assert list(read_catalog(LOCALES, language).find_faults(PROMPTS)) == []


@EACH_TRANSLATED
def test_a_shipped_catalog_holds_the_callers_prompts_and_no_others(language: str) -> None:
    assert set(read_catalog(LOCALES, language).entries) == {prompt.id for prompt in FOR_CALLERS}


ZERO = {"key.0": "zero", "digit.0": "zero"}
SPELLED_ALIKE: dict[str, dict[str, str]] = {
    "fil": {prompt.id: prompt.text for prompt in FOR_CALLERS if re.fullmatch(r"digit\.\d|key\.[^59]", prompt.id)},
    "fr": {"key.6": "six", "digit.6": "six"},
    "pt": ZERO,
    "pl": ZERO,
    "it": ZERO,
}
"""Words that a language has in common with English. Numbers of phones and keys are said in English in the
Philippines; five and nine, which sound alike, also in Tagalog where they are keys."""


@EACH_TRANSLATED
def test_no_shipped_translation_is_the_english(language: str) -> None:
    shipped = read_catalog(LOCALES, language)
    same = {prompt.id: prompt.text for prompt in FOR_CALLERS if said(shipped, prompt) == prompt.text}
    assert same == SPELLED_ALIKE.get(language, {})


@EACH_TRANSLATED
def test_the_back_translation_is_of_the_words_as_they_are_now(language: str) -> None:
    shipped = read_catalog(LOCALES, language)
    back = read_entries(LOCALES / language / "back-translation.po")
    assert {name: entry.source for name, entry in back.items()} == {
        prompt.id: said(shipped, prompt) for prompt in FOR_CALLERS
    }
    assert [name for name, entry in back.items() if not entry.text or entry.fuzzy] == []
