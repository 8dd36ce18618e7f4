"""What failed at other projects' translators and reviewers, kind by kind: `shared/cases/workshop.md` and neighbours.

Nothing that a person wrote is lost or taken for something else, whatever their editor or spreadsheet did to the file.
"""

import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import permutations, product
from pathlib import Path

import pytest

from ivr.errors import CatalogError
from ivr.wording.catalogs import ASIDE, CatalogEntry, read_entries, read_set_aside
from ivr.wording.review import COLUMNS, FILE, ReviewVerdict, read_reviews
from ivr.wording.sources import read_topics
from ivr.wording.translation.desk import Reviewer, TranslationDesk
from ivr.wording.translation.files import find_file_faults, name_sign
from ivr.wording.translation.pack import NEWER_THAN_PACK, SORTED, WAITS, PackChange, PackOutcome, PackRow
from ivr.wording.translation.po import PromptSource, write_catalog
from ivr.wording.translation.scripts import find_stumbles
from ivr.wording.translation.spreadsheets import read_pack, write_pack
from tests.conftest import Environment
from tests.wording.translation import (
    AFTER,
    FOR_CALLERS,
    LOCALES,
    TRANSLATED,
    Bench,
    field,
    line_of,
    put,
    rewrite,
    set_up,
)
from tests.wording.translation.conftest import measure_nothing

DISCOMFORT, GOODBYE, OFFER = f"{AFTER}.discomfort", "goodbye", "menu.all"
FIRST = "Expect some discomfort. It may last for up to {discomfort}."
SECOND = "Expect a little discomfort. It may last for up to {discomfort}."
THIRD = "Expect discomfort. It may last for up to {discomfort}."
NEW = "Gracias por su llamada. Hasta pronto."
ANA = Reviewer("Ana Ruiz", "certified medical translator", date(2026, 11, 22))


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


def open_again(bench: Bench) -> TranslationDesk:
    """The desk with the English as it is now."""
    folder = bench.topic.parent
    return TranslationDesk(bench.locales, folder, read_topics(folder), {}, measure_nothing)


def mark_fuzzy(path: Path, prompt: str) -> None:
    """Marks an entry as an editor does, without the English before."""
    text = path.read_text("utf-8")
    mark = '#, fuzzy, python-brace-format\nmsgctxt "{}"' if "{" in field(path, prompt) else '#, fuzzy\nmsgctxt "{}"'
    plain = mark.replace("#, fuzzy, ", "#, ").replace("#, fuzzy\n", "")
    assert text.count(plain.format(prompt)) == 1
    path.write_text(text.replace(plain.format(prompt), mark.format(prompt)), "utf-8")


def send(desk: TranslationDesk, path: Path, rows: list[PackRow], *, write: bool = False) -> PackOutcome:
    """Imports a Spanish pack with these rows."""
    write_pack(path, rows)
    return desk.import_pack("es", path, write=write)


def change(rows: list[PackRow], prompt: str, text: str, waits: str = "") -> list[PackRow]:
    return [replace(row, translation=text, waits=waits) if row.id == prompt else row for row in rows]


# --- 1: a state is kept when something is set aside and comes back ---------------------------------------------------

Step = Callable[[Bench], None]
STEPS: dict[str, Step] = {
    "English": lambda bench: put(bench.topic, FIRST, SECOND),
    "English again": lambda bench: put(bench.topic, SECOND, THIRD),
    "gone": lambda bench: put(bench.topic, 'id = "discomfort"', 'id = "soreness"'),
    "back": lambda bench: put(bench.topic, 'id = "soreness"', 'id = "discomfort"'),
}


EACH_TIME = (True, True, True, True)


def list_orders(*names: str) -> Iterator[tuple[str, ...]]:
    """Every order of these steps in which each is possible."""
    for order in permutations(names):
        if order.index("gone") < order.index("back") and all(
            order.index(earlier) < order.index(later)
            for earlier, later in [("English", "English again")]
            if later in names
        ):
            yield order


ORDERS = [
    *(
        (order, (*after, True))
        for order in list_orders("English", "gone", "back")
        for after in product((True, False), repeat=2)
    ),
    *((order, EACH_TIME) for order in list_orders("English", "English again", "gone", "back")),
]
"""The steps, and after which of them there is an update; after the last there always is."""


@pytest.mark.parametrize(("order", "updates"), ORDERS)
def test_words_wait_for_new_english_in_every_order_of_what_happens(
    bench: Bench, order: tuple[str, ...], updates: tuple[bool, ...]
) -> None:
    words = field(bench.catalog("es"), DISCOMFORT)
    for name, update in zip(order, updates, strict=True):
        STEPS[name](bench)
        if update:
            open_again(bench).update("es")
    entry = read_entries(bench.catalog("es"))[DISCOMFORT]
    english = THIRD if "English again" in order else SECOND
    assert (entry.source, entry.previous, entry.text, entry.fuzzy) == (english, FIRST, words, True)
    assert DISCOMFORT not in read_set_aside(bench.catalog("es"))


def test_a_mark_that_a_person_set_is_kept_while_its_prompt_is_gone(bench: Bench) -> None:
    mark_fuzzy(bench.catalog("es"), DISCOMFORT)
    before = bench.catalog("es").read_bytes()
    for name in ("gone", "back"):
        STEPS[name](bench)
        open_again(bench).update("es")
    assert read_entries(bench.catalog("es"))[DISCOMFORT].fuzzy
    assert bench.catalog("es").read_bytes() == before


PREVIOUS = {
    "short": "Bye now.",
    "none": "",
    "long, with words that hold hyphens": "For the follow-up, take the over-the-counter medicine at half-past six, the "
    "long-acting one-a-day tablet before the twenty-four-hour check-up, and call {clinic}.",
    "the same words again and again": f"{'follow-up over-the-counter ' * 9}{{clinic}}.",
    "one very long word": f"{'long' * 30}-{'er' * 30} word.",
    "in quotes": 'Say "yes", or \\ "no".',
}


@pytest.mark.parametrize("previous", PREVIOUS.values(), ids=PREVIOUS.keys())
def test_the_english_before_comes_back_word_for_word(tmp_path: Path, previous: str) -> None:
    path, note = tmp_path / "spineline.po", f"Ask Ana, {'once-more ' * 12}please."
    row = PromptSource(FOR_CALLERS[0], "", ""), CatalogEntry("Bye.", "Adiós.", 0, True, previous, (note,))
    for rows, read in [([row], read_entries), ([], read_set_aside), ([], read_set_aside)]:
        write_catalog(path, "es", rows, "Head")
        (entry,) = read(path).values()
        assert (entry.text, entry.fuzzy, entry.previous, entry.notes) == ("Adiós.", True, previous, (note,))
        assert max(map(ord, path.read_text("utf-8"))) < 0xE000


WRAPPED = {
    "as Babel breaks it": '#| msgid "Expect some\n#| discomfort."\n',
    "in strings of its own": '#| msgctxt "goodbye"\n#| msgid ""\n#| "Expect some "\n#| "discomfort."\n',
}


@pytest.mark.parametrize("lines", WRAPPED.values(), ids=WRAPPED.keys())
def test_the_english_before_is_read_in_several_lines(bench: Bench, lines: str) -> None:
    put(bench.catalog("es"), f'msgctxt "{GOODBYE}"', f'#, fuzzy\n{lines}msgctxt "{GOODBYE}"')
    entry = read_entries(bench.catalog("es"))[GOODBYE]
    assert (entry.previous, entry.fuzzy, entry.notes) == ("Expect some discomfort.", True, ())


def test_what_gettext_sets_aside_keeps_its_english_before(bench: Bench) -> None:
    path = bench.catalog("es")
    gone = f'\n#, fuzzy\n#~| msgid "{FIRST}"\n#~ msgctxt "gone"\n#~ msgid "{SECOND}"\n#~ msgstr "Adiós."\n'
    path.write_text(path.read_text("utf-8") + gone, "utf-8")
    assert open_again(bench).check("es") == []
    open_again(bench).update("es")
    entry = read_set_aside(path)["gone"]
    assert (entry.source, entry.previous, entry.fuzzy, entry.notes) == (SECOND, FIRST, True, ())
    assert f"# {ASIDE} Expect" in path.read_text("utf-8")


ASIDE_AND_EMPTY = [("", "Adiós de antes.", True), ("Adiós de ahora.", "Adiós de ahora.", False)]


@pytest.mark.parametrize(("words", "after", "fuzzy"), ASIDE_AND_EMPTY, ids=["without words", "with words"])
def test_an_entry_beside_one_that_gettext_set_aside_loses_neither(
    bench: Bench, words: str, after: str, *, fuzzy: bool
) -> None:
    path = bench.catalog("es")
    rewrite(path, GOODBYE, words)
    gone = f'\n#~ msgctxt "{GOODBYE}"\n#~ msgid "Bye."\n#~ msgstr "Adiós de antes."\n'
    path.write_text(path.read_text("utf-8") + gone, "utf-8")
    for _ in range(2):
        open_again(bench).update("es")
        entry = read_entries(path)[GOODBYE]
        assert (entry.text, entry.fuzzy, entry.previous) == (after, fuzzy, "Bye." if fuzzy else "")
        assert ("Adiós de antes." in {each.text for each in read_set_aside(path).values()}) is not fuzzy


# --- 2, 3, 4: one fault that says what is wrong, and nothing is written ----------------------------------------------

ACTS: dict[str, Callable[[TranslationDesk, Path], object]] = {
    "update": lambda desk, _: desk.update("es"),
    "import": lambda desk, path: desk.import_pack("es", path, write=True),
    "edit": lambda desk, _: desk.edit("es", GOODBYE, NEW, ""),
    "pack": lambda desk, _: desk.pack("es"),
    "review": lambda desk, _: desk.review("es", ANA, ReviewVerdict.APPROVED),
}


def check_that_all_is_refused(bench: Bench, *faults: str) -> None:
    """`check` names exactly these faults; every act is refused with them, and changes no byte."""
    desk, before = open_again(bench), bench.files("es")
    path = bench.catalog("es")
    expected = [f"{path}{fault}" for fault in faults]
    assert [f"{fault}" for fault in desk.check("es")] == expected
    for act in ACTS.values():
        with pytest.raises(CatalogError) as caught:
            act(desk, bench.folder / "pack.csv")
        assert [f"{fault}" for fault in caught.value.faults] == sorted(expected)
    assert bench.files("es") == before


GONE = '#~ msgctxt "gone"\n#~ msgid "{}"\n#~ msgstr "{}"\n'
TWICE = "{} stands twice{}: in line {} and here. Keep the right one."
NO_ID = "This entry has no id (msgctxt), so it is of no prompt. Give it its id, or take it out."
DOUBLES: dict[str, tuple[str, dict[int, str]]] = {
    "with the same msgid": (
        'msgctxt "goodbye"\nmsgid "{english}"\nmsgstr "Otra."\n',
        {0: TWICE.format(GOODBYE, "", "{first}")},
    ),
    "with another msgid": (
        'msgctxt "goodbye"\nmsgid "Other English."\nmsgstr "Otra."\n',
        {0: TWICE.format(GOODBYE, "", "{first}")},
    ),
    "without words": ('msgctxt "goodbye"\nmsgid "Other."\nmsgstr ""\n', {0: TWICE.format(GOODBYE, "", "{first}")}),
    "three times": (
        'msgctxt "goodbye"\nmsgid "A."\nmsgstr "A."\n\nmsgctxt "goodbye"\nmsgid "B."\nmsgstr "B."\n',
        {0: TWICE.format(GOODBYE, "", "{first}"), 4: TWICE.format(GOODBYE, "", "{first}")},
    ),
    "its id in two lines": (
        'msgctxt ""\n"good"\n"bye"\nmsgid "B."\nmsgstr "B."\n',
        {0: TWICE.format(GOODBYE, "", "{first}")},
    ),
    "moved to the right": (
        '  msgctxt "goodbye"\n  msgid "B."\n  msgstr "B."\n',
        {0: TWICE.format(GOODBYE, "", "{first}")},
    ),
    "two set aside": (
        GONE.format("A.", "A.") + "\n" + GONE.format("B.", "B."),
        {4: TWICE.format("gone", " among those set aside", "{added}")},
    ),
    "two set aside with one msgid": (
        GONE.format("A.", "A.") + "\n" + GONE.format("A.", "B."),
        {4: TWICE.format("gone", " among those set aside", "{added}")},
    ),
    "two set aside without a blank": (
        GONE.format("A.", "A.") + "\n" + GONE.format("A.", "B.").replace("#~ ", "#~"),
        {4: TWICE.format("gone", " among those set aside", "{added}")},
    ),
    "one without an id": ('msgid "A."\nmsgstr "A."\n', {0: NO_ID}),
    "two without an id": ('msgid "A."\nmsgstr "A."\n\nmsgid ""\n"B."\nmsgstr "B."\n', {0: NO_ID, 3: NO_ID}),
    "one set aside without an id": ('#~ msgid "A."\n#~ msgstr "A."\n', {0: NO_ID}),
    "a second head": ('msgid ""\nmsgstr "Language: es"\n', {0: TWICE.format("The head", "", "{head}")}),
}


@pytest.mark.parametrize(("added", "words"), DOUBLES.values(), ids=DOUBLES.keys())
def test_an_entry_that_stands_twice_is_named_and_nothing_is_deleted(
    bench: Bench, added: str, words: dict[int, str]
) -> None:
    path = bench.catalog("es")
    text = path.read_text("utf-8").rstrip("\n") + "\n"
    lines = text.split("\n")
    start = len(lines) + 1
    path.write_text(f"{text}\n{added.replace('{english}', field(path, GOODBYE, 'msgid'))}", "utf-8")
    places = {
        "first": lines.index(f'msgctxt "{GOODBYE}"') + 1,
        "head": lines.index('msgid ""') + 1,
        "added": start,
    }
    check_that_all_is_refused(bench, *(f":{start + at}: {said.format(**places)}" for at, said in words.items()))


@pytest.mark.parametrize("name", ["back-translation.po", "by-ear.po"])
def test_a_reading_that_stands_twice_is_named_and_not_deleted(bench: Bench, name: str) -> None:
    path = bench.locales / "es" / name
    first = line_of(path, GOODBYE) - 1
    start = path.read_text("utf-8").rstrip("\n").count("\n") + 3
    path.write_text(path.read_text("utf-8").rstrip("\n") + '\n\nmsgctxt "goodbye"\nmsgid "A."\nmsgstr "B."\n', "utf-8")
    words = TWICE.format(GOODBYE, "", first)
    assert [f"{fault}" for fault in open_again(bench).check("es")] == [f"{path}:{start}: {words}"]
    put(bench.topic, 'id = "discomfort"', 'id = "soreness"')  # a prompt that would be put into the file
    before = path.read_bytes()
    open_again(bench).update("es")
    assert path.read_bytes() == before


CHARSET = "The head says charset={}, and the file is UTF-8. Write charset=utf-8 there."
STRANGE = "The head says that this is a catalog of {}, and it lies under es. Is it the right file?"
CONTENT, LANGUAGE = '"Content-Type: text/plain; charset=utf-8\\n"', '"Language: es_US\\n"'
HEADS: dict[str, tuple[str, str, str]] = {
    "Latin letters": (CONTENT, '"Content-Type: text/plain; charset=ISO-8859-1\\n"', CHARSET.format("iso-8859-1")),
    "written small": (CONTENT, '"content-type: text/plain; charset=latin1\\n"', CHARSET.format("latin1")),
    "never filled in": (CONTENT, '"Content-Type: text/plain; charset=CHARSET\\n"', CHARSET.format("charset")),
    "letters that are none": (CONTENT, '"Content-Type: text/plain; charset=klingon\\n"', CHARSET.format("klingon")),
    "Portuguese": (LANGUAGE, '"Language: pt\\n"', STRANGE.format("pt")),
    "Portuguese of Brazil": (LANGUAGE, '"Language: pt-BR\\n"', STRANGE.format("pt-BR")),
    "a language that begins alike": (LANGUAGE, '"Language: est\\n"', STRANGE.format("est")),
}


@pytest.mark.parametrize(("old", "new", "words"), HEADS.values(), ids=HEADS.keys())
def test_a_head_that_is_wrong_is_one_fault_and_the_words_are_heard_as_before(
    bench: Bench, old: str, new: str, words: str
) -> None:
    path = bench.catalog("es")
    before = read_entries(path)
    put(path, old, new)
    at = path.read_text("utf-8").split("\n").index(new) + 1
    check_that_all_is_refused(bench, f":{at}: {words}")
    assert read_entries(path) == before
    files = open_again(bench).read_language("es")
    assert (files.faults, files.wording.missing, files.wording.waiting) == ((), (), ())


@pytest.mark.parametrize("value", ["es", "es_419", "es-MX", "ES_us", ""])
def test_a_head_may_name_the_language_of_any_country(bench: Bench, value: str) -> None:
    put(bench.catalog("es"), LANGUAGE, f'"Language: {value}\\n"')
    assert open_again(bench).check("es") == []


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["line feeds", "as Windows ends lines"])
def test_a_byte_order_mark_is_read_and_the_words_of_the_head_are_kept(bench: Bench, end: str) -> None:
    path = bench.catalog("es")
    before = path.read_bytes()
    for each in (path, bench.back("es"), bench.ear("es")):
        each.write_bytes(b"\xef\xbb\xbf" + each.read_bytes().replace(b"\n", end.encode()))
    assert open_again(bench).check("es") == []
    open_again(bench).update("es")
    assert path.read_bytes() == before


HIDDEN = {
    "\u2028": "U+2028 (LINE SEPARATOR)",
    "\u2029": "U+2029 (PARAGRAPH SEPARATOR)",
    "\x85": "U+0085 (a control sign)",
    "\x0b": "U+000B (a control sign)",
    "\x0c": "U+000C (a control sign)",
    "\x00": "U+0000 (a control sign)",
    "\x1b": "U+001B (a control sign)",
    "\r": "U+000D (a control sign)",
}


@pytest.mark.parametrize(("sign", "name"), HIDDEN.items(), ids=HIDDEN.values())
@pytest.mark.parametrize("place", ["# Ask {}Ana.", '"X-Note: {}\\n"', "in words"])
def test_a_line_end_that_no_editor_shows_is_named_with_its_line(bench: Bench, sign: str, name: str, place: str) -> None:
    path = bench.catalog("es")
    lines = path.read_text("utf-8").split("\n")
    if place == "in words":
        at = line_of(path, GOODBYE) + 1
        lines[at - 1] = lines[at - 1].replace(" ", f"{sign} ").replace(f"{sign} ", " ", 1)
    else:
        at = 2 if place.startswith("#") else 8
        lines.insert(at - 1, place.format(sign))
    path.write_bytes("\n".join(lines).encode())
    check_that_all_is_refused(bench, f":{at}: holds {name}, which nobody can see. Take it out.")


# --- 5: only the signs of a language ---------------------------------------------------------------------------------

SIGNS = [
    "\u200b",
    "\u200e",
    "\u200f",
    "\u200d",
    "\u00ad",
    "\ufeff",
    "\u2060",
    "\u202e",
    *'½•→·*#@&%+=<>|_~^`´"“”«»()[]/\\…–—№°™§€Ⅳ😀',
]
DIGITS = ["3", "٣", "²", "①", "３"]
LETTERS = ["а", "ª", "ｃ", "𝐜", "α", "م"]
STUMBLE = "holds {} at sign {}, which a voice stumbles on. Say it in words, or leave it out."
TOLD = {
    **{sign: STUMBLE.format(name_sign(sign), 4) for sign in SIGNS},
    **{sign: f"holds the digit {sign}. Write numbers as words." for sign in DIGITS},
    **{
        sign: f"holds letters of another script: {sign}. Write it as it is said, in this language's own letters."
        for sign in LETTERS
    },
}


@pytest.mark.parametrize(("sign", "words"), TOLD.items(), ids=[f"U+{ord(sign):04X}" for sign in TOLD])
def test_a_sign_that_is_not_the_languages_is_named_in_the_catalog_and_in_a_pack(
    bench: Bench, sign: str, words: str
) -> None:
    desk, text = open_again(bench), f"Gra{sign}cias."
    outcome = send(desk, bench.folder / "pack.xlsx", change(desk.pack("es"), GOODBYE, text), write=True)
    assert [fault.words for fault in outcome.faults] == [f"{GOODBYE}: {words}"]
    assert outcome.changes == ()
    edited = desk.edit("es", GOODBYE, text, desk.stamp_prompt("es", GOODBYE)).fault
    assert edited is not None
    assert edited.words == words
    assert list(find_stumbles("es", text)) == [words]


def test_a_sign_is_named_at_its_place_also_behind_a_placeholder(bench: Bench) -> None:
    for path in (bench.catalog("es"), bench.back("es"), bench.ear("es")):
        rewrite(path, OFFER, "Oprima {key}•.", "msgstr" if path == bench.catalog("es") else "msgid")
    assert [fault.words for fault in open_again(bench).check("es")] == [
        f"{OFFER}: {STUMBLE.format('U+2022 (BULLET)', 13)}"
    ]


OWN_SIGNS = {
    "es": "¿Sí? ¡No! Uno, dos; tres: ex-paciente.",
    "fr": "Aujourd'hui, l’hôpital : allô ?",
    "ht": "N ap rele w, m’ap tann ou.",
    "zh": "请按一，或者按二。",
    "ja": "スター・マーク、を押してください。",
    "ko": "일번을, 눌러 주세요.",
    "ar": "هل أنتم مستعدّون؟ نعم، شكرًا.",
    "fa": "می‌خواهید؟ بله، متشکرم.",
    "ru": "Кто-то, что-нибудь: ещё раз.",
    "vi": "Quý vị đã sẵn sàng chưa?",
}


@pytest.mark.parametrize(("code", "text"), OWN_SIGNS.items(), ids=OWN_SIGNS.keys())
def test_the_signs_of_a_language_pass(code: str, text: str) -> None:
    assert list(find_stumbles(code, text)) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_that_ships_is_clean(code: str) -> None:
    files = sorted((LOCALES / code).rglob("*.po"))
    assert [fault for path in files for fault in find_file_faults(path, code)] == []
    entries = read_entries(LOCALES / code / "LC_MESSAGES" / "spineline.po")
    assert [words for entry in entries.values() for words in find_stumbles(code, entry.text)] == []


# --- 6: equal words are equal however they were saved ----------------------------------------------------------------


def widen(blank: str) -> Callable[[str], str]:
    """Puts another blank between the words of every msgid and msgstr."""
    return lambda text: re.sub(
        r'^(msg(?:id|str) )(".*")$', lambda found: found[1] + found[2].replace(" ", blank), text, flags=re.MULTILINE
    )


SAVED: dict[str, Callable[[str], str]] = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "no-break blanks": widen("\u00a0"),
    "double blanks": widen("  "),
    "thin blanks": widen("\u202f"),
}


@pytest.mark.parametrize("save", SAVED.values(), ids=SAVED.keys())
@pytest.mark.parametrize("code", ["es", "vi", "ko", "ja"])
def test_files_that_were_only_saved_anew_change_nothing_and_approvals_stand(
    bench: Bench, code: str, save: Callable[[str], str]
) -> None:
    desk, pack = open_again(bench), bench.folder / "pack.csv"
    desk.review(code, ANA, ReviewVerdict.APPROVED)
    rows = desk.pack(code)
    before = read_entries(bench.catalog(code))
    for path in (bench.locales / code).rglob("*.po"):
        path.write_text(save(path.read_text("utf-8")), "utf-8")
    assert desk.check(code) == []
    files = desk.read_language(code)
    assert files.count_reviewed(desk.prompts) == len(FOR_CALLERS)
    assert (files.wording.waiting, files.catalog.entries) == ((), before)
    write_pack(pack, rows)
    assert desk.import_pack(code, pack, write=True) == PackOutcome((), (), len(rows))
    assert not desk.update(code).has_changed


SHEETS: dict[str, Callable[[str], str]] = {
    "decomposed": SAVED["decomposed"],
    "composed for display": lambda text: unicodedata.normalize("NFC", text),
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "double blanks": lambda text: text.replace(" ", "  "),
}


@pytest.mark.parametrize("save", SHEETS.values(), ids=SHEETS.keys())
@pytest.mark.parametrize("code", ["es", "vi", "ko", "ja"])
def test_a_pack_that_was_only_saved_anew_changes_nothing(bench: Bench, code: str, save: Callable[[str], str]) -> None:
    desk, path = open_again(bench), bench.folder / "pack.csv"
    before = bench.files(code)
    desk.export_pack(code, path)
    path.write_text(save(path.read_text("utf-8")), "utf-8")
    assert desk.import_pack(code, path, write=True) == PackOutcome((), (), len(FOR_CALLERS))
    assert bench.files(code) == before


def test_an_edit_in_decomposed_letters_is_composed(bench: Bench) -> None:
    desk, text = open_again(bench), "Está\u00a0bien.  Adiós."
    stamp = desk.stamp_prompt("es", GOODBYE)
    assert desk.edit("es", GOODBYE, unicodedata.normalize("NFD", text), stamp).fault is None
    assert field(bench.catalog("es"), GOODBYE) == "Está bien. Adiós."


# --- 7: a pack confirms ----------------------------------------------------------------------------------------------


@pytest.fixture
def moved(bench: Bench) -> Bench:
    """A bench with one new English sentence, updated."""
    put(bench.topic, FIRST, SECOND)
    open_again(bench).update("es")
    return bench


def find_fuzzy(bench: Bench) -> list[str]:
    return [name for name, entry in read_entries(bench.catalog("es")).items() if entry.fuzzy]


ANSWERS = {
    "yes": True,
    "Yes, right as it is": True,
    "yes - right as it is!": True,
    "right as it is": True,
    " YES. ": True,
    WAITS: False,
    "": False,
    "no": False,
    "yesterday": False,
    "not yet": False,
}


@pytest.mark.parametrize(("answer", "confirms"), ANSWERS.items(), ids=ANSWERS.keys())
def test_a_row_that_waits_is_confirmed_by_a_yes_and_by_nothing_else(
    moved: Bench, answer: str, *, confirms: bool
) -> None:
    desk = open_again(moved)
    rows, words = desk.pack("es"), field(moved.catalog("es"), DISCOMFORT)
    assert [row.id for row in rows if row.waits] == [DISCOMFORT]
    outcome = send(desk, moved.folder / "pack.xlsx", change(rows, DISCOMFORT, words, answer), write=True)
    assert outcome.changes == (PackChange(DISCOMFORT, words, words),) * confirms
    assert (outcome.faults, outcome.same) == ((), len(rows) - confirms)
    assert find_fuzzy(moved) == [DISCOMFORT] * (not confirms)


def test_a_pack_says_which_rows_wait_also_before_an_update(bench: Bench) -> None:
    put(bench.topic, FIRST, SECOND)
    assert [row.id for row in open_again(bench).pack("es") if row.waits] == [DISCOMFORT]


def test_rows_of_an_older_pack_whose_english_did_not_change_are_taken(bench: Bench) -> None:
    rows = change(open_again(bench).pack("es"), GOODBYE, NEW)
    put(bench.topic, FIRST, SECOND)
    open_again(bench).update("es")
    outcome = send(open_again(bench), bench.folder / "pack.xlsx", rows, write=True)
    assert ([change.id for change in outcome.changes], outcome.faults) == ([GOODBYE], ())
    assert find_fuzzy(bench) == [DISCOMFORT]


OLDER = {"other words": (NEW, ""), "a yes": (None, "yes")}


@pytest.mark.parametrize(("text", "answer"), OLDER.values(), ids=OLDER.keys())
def test_a_row_that_was_sent_with_older_english_answers_none_of_today(
    moved: Bench, text: str | None, answer: str
) -> None:
    words = text or field(moved.catalog("es"), DISCOMFORT)
    rows = change(open_again(moved).pack("es"), DISCOMFORT, words, answer)
    put(moved.topic, SECOND, THIRD)
    open_again(moved).update("es")
    outcome = send(open_again(moved), moved.folder / "pack.xlsx", rows, write=True)
    assert outcome.changes == ()
    assert [fault.words for fault in outcome.faults] == [f"{DISCOMFORT}: {NEWER_THAN_PACK}"]
    assert find_fuzzy(moved) == [DISCOMFORT]


def test_an_edit_that_confirms_words_has_seen_the_english_of_today(moved: Bench) -> None:
    stamp, words = open_again(moved).stamp_prompt("es", DISCOMFORT), field(moved.catalog("es"), DISCOMFORT)
    put(moved.topic, SECOND, THIRD)
    open_again(moved).update("es")
    assert open_again(moved).edit("es", DISCOMFORT, words, stamp).fault is not None
    assert find_fuzzy(moved) == [DISCOMFORT]


# --- 8: no row is lost unseen ----------------------------------------------------------------------------------------


def patch_sheet(path: Path, pattern: bytes, new: bytes) -> None:
    """Changes the sheet inside a workbook, as other programs write it."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = "xl/worksheets/sheet1.xml"
    assert re.search(pattern, parts[name])
    parts[name] = re.sub(pattern, new, parts[name])
    with zipfile.ZipFile(path, "w") as file:
        for each, content in parts.items():
            file.writestr(each, content)


DIMENSIONS = {
    "too small": (rb'<dimension ref="[^"]*"', b'<dimension ref="A1:I20"'),
    "one cell": (rb'<dimension ref="[^"]*"', b'<dimension ref="A1"'),
    "too large": (rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD9999"'),
    "none": (rb'<dimension ref="[^"]*" ?/>', b""),
    "rows without numbers": (rb'<row r="\d+"', b"<row"),
}


@pytest.mark.parametrize(("pattern", "new"), DIMENSIONS.values(), ids=DIMENSIONS.keys())
def test_a_sheet_is_read_to_its_end_whatever_it_says_of_its_size(bench: Bench, pattern: bytes, new: bytes) -> None:
    desk, path = open_again(bench), bench.folder / "pack.xlsx"
    desk.export_pack("es", path)
    patch_sheet(path, pattern, new)
    assert [row.id for row in read_pack(path)] == [row.id for row in desk.pack("es")]
    assert desk.import_pack("es", path, write=True) == PackOutcome((), (), len(FOR_CALLERS))


def test_a_sheet_that_breaks_off_is_refused_in_words(bench: Bench) -> None:
    desk, path = open_again(bench), bench.folder / "pack.xlsx"
    desk.export_pack("es", path)
    patch_sheet(path, rb"</row></sheetData>.*", b"")
    with pytest.raises(CatalogError) as caught:
        desk.import_pack("es", path, write=False)
    assert [fault.words for fault in caught.value.faults] == ["This is not a spreadsheet. Save it as .xlsx or CSV."]


def test_a_cell_that_swallowed_half_a_file_is_refused_in_words(bench: Bench) -> None:
    path = bench.folder / "pack.csv"
    path.write_text(f'id,English,translation,do not change\ngoodbye,Bye,"{"Adiós " * 40_000}\n', "utf-8")
    with pytest.raises(CatalogError) as caught:
        open_again(bench).import_pack("es", path, write=False)
    words = "A cell of this file is far larger than any prompt. Is a quotation mark missing?"
    assert [fault.words for fault in caught.value.faults] == [words]


LEFT = {"the first": slice(1, None), "the last three": slice(None, -3), "all but one": slice(7, 8)}


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT.keys())
@pytest.mark.parametrize("name", ["pack.xlsx", "pack.csv"])
def test_rows_that_did_not_come_back_are_counted(bench: Bench, name: str, left: slice) -> None:
    desk = open_again(bench)
    rows = desk.pack("es")
    outcome = send(desk, bench.folder / name, rows[left])
    assert outcome == PackOutcome((), (), len(rows[left]), len(rows) - len(rows[left]))


# --- 9: half a sorting -----------------------------------------------------------------------------------------------

Order = Callable[[list[str]], list[str]]
SORTINGS: dict[str, Order] = {
    "sorted": sorted,
    "turned round": lambda cells: cells[::-1],
    "one cell lost, the others moved up": lambda cells: [*cells[1:], cells[0]],
    "half of them sorted": lambda cells: [*sorted(cells[:62]), *cells[62:]],
    "two changed places": lambda cells: [cells[-1], *cells[1:-1], cells[0]],
}


@pytest.mark.parametrize("sort", SORTINGS.values(), ids=SORTINGS.keys())
@pytest.mark.parametrize("column", ["id", "english", "translation", "stamp"])
def test_a_column_that_was_sorted_by_itself_changes_nothing(bench: Bench, column: str, sort: Order) -> None:
    desk, before = open_again(bench), bench.files("es")
    rows = desk.pack("es")
    cells = [str(getattr(row, column)) for row in rows]
    moved = [replace(row, **{column: cell}) for row, cell in zip(rows, sort(cells), strict=True)]
    at_home = sum(row == other for row, other in zip(rows, moved, strict=True))
    outcome = send(desk, bench.folder / "pack.xlsx", moved, write=True)
    assert outcome.changes == ()
    assert (len(outcome.faults) + outcome.same, outcome.lost) == (len(rows), 0)
    assert outcome.faults
    assert outcome.same < at_home + 12  # a key's word may be a digit's
    assert bench.files("es") == before


def test_new_words_in_a_column_that_was_sorted_by_itself_are_not_put_at_other_prompts(bench: Bench) -> None:
    desk = open_again(bench)
    rows = change(change(desk.pack("es"), GOODBYE, NEW), "sorry", "Perdone, no le entiendo.")
    moved = [
        replace(row, translation=text) for row, text in zip(rows, sorted(row.translation for row in rows), strict=True)
    ]
    outcome = send(desk, bench.folder / "pack.xlsx", moved, write=True)
    assert outcome.changes == ()
    assert any(fault.words.endswith(SORTED) for fault in outcome.faults)


ROWS: dict[str, Callable[[list[PackRow]], list[PackRow]]] = {
    "by id": lambda rows: sorted(rows, key=lambda row: row.id),
    "by translation": lambda rows: sorted(rows, key=lambda row: row.translation),
    "turned round": lambda rows: rows[::-1],
}


@pytest.mark.parametrize("sort", ROWS.values(), ids=ROWS.keys())
def test_whole_rows_may_be_moved(bench: Bench, sort: Callable[[list[PackRow]], list[PackRow]]) -> None:
    desk, old = open_again(bench), field(bench.catalog("es"), GOODBYE)
    rows = sort(change(desk.pack("es"), GOODBYE, NEW))
    outcome = send(desk, bench.folder / "pack.xlsx", rows, write=True)
    assert outcome == PackOutcome((PackChange(GOODBYE, old, NEW),), (), len(rows) - 1)


# --- 10: reviews.csv, saved by a spreadsheet -------------------------------------------------------------------------


def save_semicolons(text: str) -> bytes:
    return text.replace(",", ";").encode()


RESAVED: dict[str, Callable[[str], bytes]] = {
    "semicolons": save_semicolons,
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "as Excel does": lambda text: b"\xef\xbb\xbf" + save_semicolons(text).replace(b"\n", b"\r\n"),
    "empty rows at the end": lambda text: save_semicolons(text) + b";;;;;;\r\n" * 3,
    "every cell in quotes": lambda text: re.sub(r"[^,\n]+", r'"\g<0>"', text).encode(),
    "its columns turned round": lambda text: "".join(
        ",".join(line.split(",")[::-1]) + "\n" for line in text.splitlines()
    ).encode(),
    "a column of its own": lambda text: text.replace("verdict\n", "verdict,remarks\n").encode(),
    "no end to its last line": lambda text: text.rstrip("\n").encode(),
}


@pytest.mark.parametrize("save", RESAVED.values(), ids=RESAVED.keys())
def test_reviews_that_a_spreadsheet_saved_count_and_others_are_added_to_them(
    bench: Bench, save: Callable[[str], bytes]
) -> None:
    desk, path = open_again(bench), bench.locales / "es" / FILE
    desk.review("es", ANA, ReviewVerdict.APPROVED)
    before = read_reviews(bench.locales, "es")
    path.write_bytes(save(path.read_text("utf-8")))
    assert read_reviews(bench.locales, "es") == before
    desk.review("es", ANA, ReviewVerdict.REJECTED, [GOODBYE])
    after = read_reviews(bench.locales, "es").rows
    assert after[:-1] == before.rows
    assert (after[-1].prompt, after[-1].reviewer, after[-1].verdict) == (GOODBYE, ANA.name, ReviewVerdict.REJECTED)


ROUND = "the date '{}' is not sure. Write it as year-month-day, such as 2026-11-27"
NUMBER = "'{}' is no hash of words: did a spreadsheet take it for a number?"
CELLS = {
    "a date turned round": ("date", "22/11/2026", ROUND),
    "a date with points": ("date", "22.11.2026", ROUND),
    "a date of two figures": ("date", "11/22/26", ROUND),
    "a date in words": ("date", "22-Nov-26", ROUND),
    "a hash as a number": ("source_hash", "1.23457E+14", NUMBER),
    "a hash without its zero": ("translation_hash", "12345678901234", NUMBER),
}


@pytest.mark.parametrize(("column", "cell", "words"), CELLS.values(), ids=CELLS.keys())
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_cell_that_a_spreadsheet_turned_is_named(
    bench: Bench, delimiter: str, column: str, cell: str, words: str
) -> None:
    desk, path = open_again(bench), bench.locales / "es" / FILE
    desk.review("es", ANA, ReviewVerdict.APPROVED, [OFFER, GOODBYE])
    head, first, second = (line.split(",") for line in path.read_text("utf-8").splitlines())
    second[COLUMNS.index(column)] = cell
    path.write_text("".join(delimiter.join(line) + "\n" for line in (head, first, second)), "utf-8")
    assert [f"{fault}" for fault in desk.check("es")] == [
        f"{path}:3: This review cannot be read: {words.format(cell)}. Mend the line."
    ]
