"""`flask languages …` at a shell: clear words, the right exit code, and nothing lost in whatever goes wrong."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ivr.line.language import Language
from ivr.line.languages import LANGUAGES
from ivr.line.nodes import Position
from ivr.line.prompts import Utterance
from ivr.line.speech import speech
from ivr.speech.manifest import Clip, ClipSet, LanguageClips, Manifest, locate_built_layer, write_manifest
from ivr.speech.sound import Grade
from ivr.wording.catalogs import read_entries
from ivr.wording.review import read_reviews
from ivr.wording.translation.spreadsheets import COLUMNS
from tests.conftest import Environment
from tests.wording.translation import (
    FOR_CALLERS,
    LOCALES,
    TRANSLATED,
    Bench,
    field,
    line_of,
    parts,
    put,
    rewrite,
    set_up,
)

ALL = " ".join(LANGUAGES)
EVERYONE = round(sum(row.speakers for row in LANGUAGES.values()), 2)
"""Millions of people."""
REVIEWER = ("--reviewer", "Ana Ruiz", "--qualification", "certified medical translator", "--date", "2026-11-22")
GOODBYE = "goodbye"
NEW = "Gracias por su llamada. Hasta pronto."


@pytest.fixture
def bench(tmp_path: Path, environment: Environment) -> Bench:
    return set_up(tmp_path, environment)


# --- check -----------------------------------------------------------------------------------------------------------


def test_check_is_clean_for_every_language(bench: Bench) -> None:
    assert bench.run("check", languages=ALL) == (0, f"{len(LANGUAGES)} languages, 0 faults.\n")


def test_check_lists_every_fault_with_its_file_and_line_and_fails(bench: Bench) -> None:
    rewrite(bench.catalog("pl"), "menu.all", "Proszę nacisnąć.")
    for path in (bench.back("pl"), bench.ear("pl")):
        rewrite(path, "menu.all", "Proszę nacisnąć.", "msgid")
    rewrite(bench.back("es"), "key.3", "thirteen")
    pl, es = bench.catalog("pl"), bench.back("es")
    assert bench.run("check") == (
        1,
        f"{es}:{line_of(es, 'key.3')}: key.3: turned back into English, the number three is gone: thirteen\n"
        f"{pl}:{line_of(pl, 'menu.all')}: menu.all: lacks {{key}}. Copy it from the English, braces and all.\n"
        f"{len(LANGUAGES)} languages, 2 faults.\n",
    )
    assert bench.run("check", "es", "fr")[1].endswith("2 languages, 1 faults.\n")


def test_a_clip_that_is_too_long_closes_its_language_and_check_names_its_words(bench: Bench) -> None:
    text = parts(bench.line("en", "es")).content.words.text("es", Utterance(GOODBYE))
    layer, name = locate_built_layer(bench.folder / "audio"), f"{'a' * 64}.wav"
    clip = Clip("es", GOODBYE, text, "pico", "es-ES", Grade.BASIC, name, "b" * 64, 26.0)
    clips = ClipSet("pico", "es-ES", Grade.BASIC, {GOODBYE: clip}, {})
    write_manifest(layer.manifest, Manifest({"es": LanguageClips(clips.key, {clips.key: clips})}))
    layer.locate("es", name).parent.mkdir()
    layer.locate("es", name).touch()
    assert list(parts(bench.line("en", "es", "pl")).content.line.languages) == ["en", "pl"]
    path = bench.catalog("es")
    fault = f"{path}:{line_of(path, GOODBYE)}: {GOODBYE}: lasts 26.0 s. Say it in fewer words: 25 s are the most."
    assert bench.run("check", "es", languages="en es") == (1, f"{fault}\n1 languages, 1 faults.\n")


# --- Files that cannot be read ---------------------------------------------------------------------------------------


def test_a_syntax_error_closes_only_its_language_and_the_line_starts(bench: Bench) -> None:
    path = bench.catalog("pl")
    path.write_text(path.read_text("utf-8") + "nonsense\n", "utf-8")
    line = len(path.read_text("utf-8").splitlines())
    fault = f"{path}:{line}: This is not a valid PO file: Unknown or misformatted keyword."
    started = parts(bench.line())
    assert started.content.availability.closed == {"pl": f"its files cannot be read: {fault}"}
    assert list(started.content.line.languages) == [code for code in LANGUAGES if code != "pl"]
    assert bench.run("check", languages=ALL) == (1, f"{fault}\n{len(LANGUAGES)} languages, 1 faults.\n")
    assert f"closed: its files cannot be read: {fault}\n" in bench.run("status", languages=ALL)[1]


COMMANDS = [
    ("update", "pl"),
    ("export", "pl", "--out", "pack.csv"),
    ("import", "pl", "x.csv"),
    ("review", "pl", *REVIEWER),
]


@pytest.mark.parametrize("words", COMMANDS, ids=[words[0] for words in COMMANDS])
def test_no_command_works_on_a_catalog_that_cannot_be_read(bench: Bench, words: tuple[str, ...]) -> None:
    bench.catalog("pl").write_text("nonsense\n", "utf-8")
    before = bench.files("pl")
    code, said = bench.run(*words)
    assert code == 1
    assert f"{bench.catalog('pl')}:1: This is not a valid PO file: Unknown or misformatted keyword." in said
    assert bench.files("pl") == before


def test_export_says_where_a_back_translation_cannot_be_read(bench: Bench) -> None:
    bench.back("pl").write_text("nonsense\n", "utf-8")
    code, said = bench.run("export", "pl", "--out", str(bench.folder / "pack.csv"))
    assert (code, f"{bench.back('pl')}:1: This is not a valid PO file" in said) == (1, True)


UNKNOWN = [
    ("check", "xx"),
    ("update", "xx"),
    ("export", "xx", "--out", "pack.csv"),
    ("import", "xx", "pack.csv"),
    ("review", "xx", *REVIEWER),
]


@pytest.mark.parametrize("words", UNKNOWN, ids=[words[0] for words in UNKNOWN])
def test_an_unknown_code_is_refused_with_those_that_are_known(bench: Bench, words: tuple[str, ...]) -> None:
    before = {code: bench.files(code) for code in LANGUAGES}
    code, said = bench.run(*words)
    assert code == 2
    assert f"xx is no language of ours. There are: {', '.join(LANGUAGES)}." in " ".join(said.split())
    assert {code: bench.files(code) for code in LANGUAGES} == before


# --- Reviews ---------------------------------------------------------------------------------------------------------


def test_a_review_of_a_whole_language_opens_it_and_takes_the_announcement_away(bench: Bench) -> None:
    hidden = parts(bench.line("en", "es", "pl", UNREVIEWED_LANGUAGES="hide"))
    assert list(hidden.content.line.languages) == ["en"]
    assert parts(bench.line("en", "es", "pl")).content.availability.announced == {"es", "pl"}
    heard = len(FOR_CALLERS)
    said = f"es: {heard} prompts approved by Ana Ruiz. {heard} approved in all.\n"
    assert bench.run("review", "es", *REVIEWER) == (0, said)
    assert list(parts(bench.line("en", "es", "pl", UNREVIEWED_LANGUAGES="hide")).content.line.languages) == ["en", "es"]
    announced = parts(bench.line("en", "es", "pl"))
    assert announced.content.availability.announced == {"pl"}
    spoken = {code: str(list(speech(announced.content.line, Position(code, "hello"), {}))) for code in ("es", "pl")}
    assert {code: "hello.unreviewed" in words for code, words in spoken.items()} == {"es": False, "pl": True}
    assert bench.run("status")[1].splitlines()[-2:] == [
        f"{len(LANGUAGES)} whole languages, 1 reviewed.",
        f"Reviewed languages reach 16.0 of about {EVERYONE} million people in the US with limited English.",
    ]


def test_a_review_of_one_prompt_is_a_row_of_exactly_its_words(bench: Bench) -> None:
    said = bench.run("review", "es", *REVIEWER, "--prompt", GOODBYE, "--prompt", "sorry")
    assert said == (0, "es: 2 prompts approved by Ana Ruiz. 2 approved in all.\n")
    rows = (bench.locales / "es" / "reviews.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[0] for row in rows] == ["prompt", GOODBYE, "sorry"]
    assert rows[1].endswith(",Ana Ruiz,certified medical translator,2026-11-22,approved")


def test_an_edit_voids_a_review_and_check_names_it(bench: Bench) -> None:
    bench.run("review", "es", *REVIEWER)
    rewrite(bench.catalog("es"), GOODBYE, NEW)
    for path in (bench.back("es"), bench.ear("es")):
        rewrite(path, GOODBYE, NEW, "msgid")
    path = bench.catalog("es")
    words = f"{path}:{line_of(path, GOODBYE)}: {GOODBYE}: was approved in other words. Have it reviewed again."
    assert bench.run("check", "es") == (1, f"{words}\n1 languages, 1 faults.\n")


def test_a_rejection_is_kept_and_check_names_it(bench: Bench) -> None:
    said = bench.run("review", "es", *REVIEWER, "--prompt", GOODBYE, "--reject")
    assert said == (0, "es: 1 prompts rejected by Ana Ruiz. 0 approved in all.\n")
    path = bench.catalog("es")
    words = f"{path}:{line_of(path, GOODBYE)}: {GOODBYE}: was rejected by its reviewer. Write better words."
    assert bench.run("check", "es") == (1, f"{words}\n1 languages, 1 faults.\n")


def replaced(old: str, new: str) -> tuple[str, ...]:
    return tuple(new if word == old else word for word in REVIEWER)


BAD_REVIEWS = {
    "a prompt that does not exist": (
        (*REVIEWER, "--prompt", "hello.nobody"),
        1,
        "hello.nobody has no words in es, so nobody can have read them.",
    ),
    "a prompt without words": (
        (*REVIEWER, "--prompt", GOODBYE, "--prompt", "sorry"),
        1,
        "sorry has no words in es, so nobody can have read them.",
    ),
    "a day that is none": (
        replaced("2026-11-22", "yesterday"),
        2,
        "--date must be a day such as 2026-11-22, not yesterday.",
    ),
    "a reviewer without a name": (replaced("Ana Ruiz", " "), 2, "a review needs a name and a qualification."),
    "no qualification": (
        replaced("certified medical translator", ""),
        2,
        "a review needs a name and a qualification.",
    ),
}


@pytest.mark.parametrize(("words", "code", "said"), BAD_REVIEWS.values(), ids=BAD_REVIEWS.keys())
def test_a_review_that_cannot_be_is_not_written(bench: Bench, words: tuple[str, ...], code: int, said: str) -> None:
    rewrite(bench.catalog("es"), "sorry", "")
    before = bench.files("es")
    found, output = bench.run("review", "es", *words)
    assert (found, said in " ".join(output.split())) == (code, True)
    assert bench.files("es") == before


def test_a_bad_line_in_the_record_closes_its_language_and_is_named(bench: Bench) -> None:
    bench.run("review", "es", *REVIEWER, "--prompt", GOODBYE)
    path = bench.locales / "es" / "reviews.csv"
    put(path, "approved", "fine")
    fault = f"{path}:2: This review cannot be read: 'fine' is not a valid Verdict. Mend the line."
    assert parts(bench.line("en", "es")).content.availability.closed == {"es": f"its files cannot be read: {fault}"}
    assert bench.run("check", "es") == (1, f"{fault}\n1 languages, 1 faults.\n")


# --- Packs -----------------------------------------------------------------------------------------------------------

KINDS = pytest.mark.parametrize("name", ["pack.xlsx", "pack.csv"])
Table = list[list[str]]


def export(bench: Bench, name: str, code: str = "es") -> Path:
    path = bench.folder / name
    said = f"Wrote {path}. When it comes back: flask languages import {code} {path}\n"
    assert bench.run("export", code, "--out", str(path)) == (0, said)
    return path


def rows_of(path: Path) -> Table:
    """The rows of a pack, its head apart."""
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1:]
    sheet = load_workbook(path).worksheets[0]
    return [[str(cell.value or "") for cell in cells] for cells in sheet.iter_rows(min_row=2)]


def edit(path: Path, change: Callable[[Table], Table]) -> None:
    """What a translator does to the rows of a pack."""
    rows = change(rows_of(path))
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *rows])
        return
    book = load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_rows(2, sheet.max_row)
    for cells in rows:
        sheet.append(cells)
    book.save(path)


def say(prompt: str, text: str) -> Callable[[Table], Table]:
    """Other words in the row of one prompt."""
    return lambda rows: [[*row[:4], text, *row[5:]] if row[0] == prompt else row for row in rows]


@KINDS
def test_a_pack_holds_every_prompt_as_a_caller_hears_it(bench: Bench, name: str) -> None:
    rows = rows_of(export(bench, name))
    assert [row[0] for row in rows] == [prompt.id for prompt in FOR_CALLERS]
    offer = dict(zip(COLUMNS, next(row for row in rows if row[0] == "menu.all"), strict=True))
    assert offer == {
        "id": "menu.all",
        "heard before": "Main menu.",
        "keys": "1",
        "English": "To hear everything, in order, press {key}.",
        "translation": field(LOCALES / "es/LC_MESSAGES/spineline.po", "menu.all"),
        "back-translation": field(LOCALES / "es/back-translation.po", "menu.all"),
        "longest": "4 s",
        "note": "",
        "right as it is?": "",
        "do not change": offer["do not change"],
    }
    assert re.fullmatch(rf"es [0-9a-f]{{8}} [0-9a-f]{{8}} {len(FOR_CALLERS)}", offer["do not change"])


@KINDS
def test_a_pack_that_comes_back_unchanged_changes_nothing(bench: Bench, name: str) -> None:
    path = export(bench, name)
    before = bench.files("es")
    said = f"0 changed or confirmed, {len(FOR_CALLERS)} the same, 0 refused.\n"
    assert bench.run("import", "es", str(path), "--write") == (0, said)
    assert bench.files("es") == before


@KINDS
def test_a_change_is_shown_first_and_taken_with_write(bench: Bench, name: str) -> None:
    path = export(bench, name)
    edit(path, lambda rows: list(reversed(say(GOODBYE, NEW)(rows))))
    before, old = bench.files("es"), field(bench.catalog("es"), GOODBYE)
    counts = f"1 changed or confirmed, {len(FOR_CALLERS) - 1} the same, 0 refused.\n"
    shown = f"{GOODBYE}\n  - {old}\n  + {NEW}\n{counts}"
    assert bench.run("import", "es", str(path)) == (
        0,
        f"{shown}Nothing is written yet. To take the good rows, add --write.\n",
    )
    assert bench.files("es") == before
    wrote = f"Wrote {bench.catalog('es')}. The changed prompts need a new back-translation and a new review.\n"
    assert bench.run("import", "es", str(path), "--write") == (0, shown + wrote)
    after = bench.catalog("es").read_text("utf-8")
    assert after == before["es/LC_MESSAGES/spineline.po"].decode().replace(old, NEW)
    assert bench.run("import", "es", str(path))[1].startswith("0 changed")


def test_a_failing_row_is_refused_and_the_good_ones_are_taken_only_with_write(bench: Bench) -> None:
    path = export(bench, "pack.csv")
    edit(path, lambda rows: say(GOODBYE, NEW)(say("menu.all", "Oprima.")(rows)))
    before, good = bench.files("es"), field(bench.catalog("es"), "menu.all")
    line = [prompt.id for prompt in FOR_CALLERS].index("menu.all") + 2
    refused = f"refused  {path}:{line}: menu.all: lacks {{key}}. Copy it from the English, braces and all.\n"
    for write in ((), ("--write",)):
        code, said = bench.run("import", "es", str(path), *write)
        assert (code, refused in said, "1 changed" in said, "1 refused." in said) == (1, True, True, True)
        assert (bench.files("es") == before) is (not write)
    assert (field(bench.catalog("es"), GOODBYE), field(bench.catalog("es"), "menu.all")) == (NEW, good)


def without_stamp(rows: Table) -> Table:
    return [[*row[:-1], ""] for row in rows]


REFUSED: dict[str, tuple[Callable[[Table], Table], str, int]] = {
    "unknown ids": (
        lambda rows: [[f"x.{row[0]}", *row[1:]] for row in rows],
        "this line has no such prompt. The id must stay as it was.",
        len(FOR_CALLERS),
    ),
    "marks that are gone": (without_stamp, "is from a pack for another language (no mark).", len(FOR_CALLERS)),
    "a formula": (
        say(GOODBYE, '=HYPERLINK("x")'),
        "goodbye: holds U+003D (EQUALS SIGN) at sign 1, which a voice stumbles on. Say it in words, or leave it out.",
        1,
    ),
    "translations that were emptied": (
        lambda rows: [[*row[:4], "", *row[5:]] for row in rows],
        "has no translation. What stood stays.",
        len(FOR_CALLERS),
    ),
    "a row that stands twice": (
        lambda rows: [*rows, *say(GOODBYE, NEW)([row for row in rows if row[0] == GOODBYE])],
        "goodbye: stands twice in the pack. Keep one.",
        1,
    ),
}


@pytest.mark.parametrize(("change", "words", "rows"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_changes_no_byte(bench: Bench, change: Callable[[Table], Table], words: str, rows: int) -> None:
    path = export(bench, "pack.csv")
    edit(path, change)
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    assert (code, said.count(words)) == (1, rows)
    same = len(FOR_CALLERS) - rows + (words.count("twice"))
    assert f"0 changed or confirmed, {same} the same, {rows} refused.\n" in said
    assert bench.files("es") == before


def test_a_pack_for_another_language_is_refused(bench: Bench) -> None:
    path = export(bench, "pack.csv", "pl")
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    assert (code, said.count("is from a pack for another language (pl).")) == (1, len(FOR_CALLERS))
    assert bench.files("es") == before


def test_half_a_pack_changes_only_what_is_in_it(bench: Bench) -> None:
    path = export(bench, "pack.csv")
    edit(path, lambda rows: say(GOODBYE, NEW)(rows)[len(rows) // 3 :: 2])
    edit(path, lambda rows: [row for row in rows if row[0] != GOODBYE])
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    came = len(rows_of(path))
    assert (code, bench.files("es") == before) == (0, True)
    assert said.splitlines() == [
        f"0 changed or confirmed, {came} the same, 0 refused.",
        f"{len(FOR_CALLERS) - came} rows that were sent did not come back. What stood there stays.",
    ]


def test_a_translation_that_is_right_as_it_is_is_confirmed_with_a_yes_and_waits_no_longer(bench: Bench) -> None:
    put(bench.catalog("es"), f'msgctxt "{GOODBYE}"', f'#, fuzzy\nmsgctxt "{GOODBYE}"')
    words = field(bench.catalog("es"), GOODBYE)
    path = export(bench, "pack.csv")
    asked = {row[0]: row[8] for row in rows_of(path) if row[8]}
    assert asked == {GOODBYE: "The English changed. Mend the translation, or write yes."}
    edit(path, lambda rows: [[*row[:8], "Yes" if row[8] else "", row[9]] for row in rows])
    code, said = bench.run("import", "es", str(path), "--write")
    assert (code, said.splitlines()[:3]) == (
        0,
        [GOODBYE, f"  = {words}", f"1 changed or confirmed, {len(FOR_CALLERS) - 1} the same, 0 refused."],
    )
    entry = read_entries(bench.catalog("es"))[GOODBYE]
    assert (entry.text, entry.fuzzy) == (words, False)


def test_a_column_that_was_sorted_by_itself_is_refused_row_by_row(bench: Bench) -> None:
    path = export(bench, "pack.csv")

    def sort_translations(rows: Table) -> Table:
        texts = sorted(row[4] for row in rows)
        return [[*row[:4], text, *row[5:]] for row, text in zip(rows, texts, strict=True)]

    edit(path, sort_translations)
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    assert (code, said.count("Was one column sorted by itself?") > len(FOR_CALLERS) // 2) == (1, True)
    assert bench.files("es") == before


def test_work_that_is_newer_than_the_pack_is_not_overwritten(bench: Bench) -> None:
    path = export(bench, "pack.csv")
    edit(path, say(GOODBYE, NEW))
    rewrite(bench.catalog("es"), GOODBYE, "Hasta luego, y gracias.")
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    words = "goodbye: was changed in the catalog since the pack was made. Make a new pack, and enter it there."
    assert (code, words in said) == (1, True)
    assert bench.files("es") == before


NO_PACK = [
    ("pack.xlsx", b"%PDF-1.7\n", "This is not a spreadsheet. Save it as .xlsx or CSV."),
    ("pack.csv", b"", 'This is no pack: it has no column "id".'),
    ("pack.csv", b"id,English,translation\nx,y,z\n", 'This is no pack: it has no column "do not change".'),
    ("pack.csv", None, "There is no such file."),
]


@pytest.mark.parametrize(("name", "content", "words"), NO_PACK)
def test_a_file_that_is_no_pack_is_refused(bench: Bench, name: str, content: bytes | None, words: str) -> None:
    path = bench.folder / name
    if content is not None:
        path.write_bytes(content)
    before = bench.files("es")
    code, said = bench.run("import", "es", str(path), "--write")
    assert (code, words in said) == (1, True)
    assert bench.files("es") == before


def test_a_pack_is_written_as_xlsx_or_csv_only(bench: Bench) -> None:
    code, said = bench.run("export", "es", "--out", str(bench.folder / "pack.pdf"))
    assert (code, "--out must end in .xlsx or .csv" in said) == (2, True)
    assert not (bench.folder / "pack.pdf").exists()


# --- A new language --------------------------------------------------------------------------------------------------


def test_a_language_is_added_from_nothing(bench: Bench) -> None:
    pack = export(bench, "real.csv", "pl")
    real = {row[0]: row[4] for row in rows_of(pack)}
    shutil.rmtree(bench.locales / "pl")
    closed = f"its files cannot be read: {bench.catalog('pl')}: There is no catalog for pl."
    assert parts(bench.line("en", "pl")).content.availability.closed["pl"].startswith(closed)

    code, said = bench.run("add", "pl", languages="en pl")
    assert (code, said.splitlines()[0]) == (0, f"Made {bench.catalog('pl')}")
    assert {name: entry.text for name, entry in read_entries(bench.catalog("pl")).items()} == dict.fromkeys(real, "")
    code, said = bench.run("check", "pl", languages="en pl")
    assert (code, said.count("is not translated yet. Write its msgstr.")) == (1, len(FOR_CALLERS))
    forms = f"{bench.locales}/pl/spoken.toml:1: The forms are still English. "
    assert forms in said
    neutral = f"{bench.locales}/pl/neutral.toml:1: The list of words that nobody may hear is not written yet. "
    assert neutral in said
    assert said.endswith(f"1 languages, {len(FOR_CALLERS) + 2} faults.\n")

    empty = bench.folder / "empty.xlsx"
    bench.run("export", "pl", "--out", str(empty), languages="en pl")
    edit(empty, lambda rows: [[*row[:4], real[row[0]], *row[5:]] for row in rows])
    code, said = bench.run("import", "pl", str(empty), "--write", languages="en pl")
    assert (code, f"{len(FOR_CALLERS)} changed or confirmed, 0 the same, 0 refused.\n" in said) == (0, True)
    assert parts(bench.line("en", "pl")).content.availability.closed == {"pl": "its way of counting is not written"}

    unread = f"    {len(FOR_CALLERS)} to turn back into English: {bench.back('pl')}\n"
    assert bench.run("update", "pl", languages="en pl") == (0, f"pl: up to date\n{unread}")
    asked = {name: (entry.source, entry.text) for name, entry in read_entries(bench.back("pl")).items()}
    assert asked == {name: (text, "") for name, text in real.items()}

    heard = {name: (entry.source, entry.text) for name, entry in read_entries(bench.ear("pl")).items()}
    assert heard == asked

    for name in ("spoken.toml", "back-translation.po", "by-ear.po", "neutral.toml"):
        shutil.copy(LOCALES / "pl" / name, bench.locales / "pl" / name)
    assert bench.run("check", "pl", languages="en pl") == (0, "1 languages, 0 faults.\n")
    spoken = parts(bench.line("en", "pl")).content.words.text("pl", Utterance("compression-fracture.prep.fasting"))
    assert "sześć godzin" in spoken


def test_a_language_that_is_there_is_not_added_again(bench: Bench) -> None:
    before = bench.files("es")
    code, said = bench.run("add", "es")
    assert (code, said) == (1, f"Error: es has a catalog already: {bench.catalog('es')}\n")
    assert bench.files("es") == before


def test_what_a_language_lacks_is_made_and_what_it_has_is_kept(bench: Bench) -> None:
    (bench.locales / "es" / "lexicon.toml").unlink()
    before = bench.files("es")
    code, said = bench.run("add", "es")
    assert (code, said.splitlines()[0]) == (0, f"Made {bench.locales}/es/lexicon.toml")
    kept = {line for line in said.splitlines() if line.startswith("Kept")}
    assert kept == {f"Kept {bench.locales}/{name}" for name in before}
    after = bench.files("es")
    assert {name: after[name] for name in before} == before


def test_a_language_without_a_row_is_not_added(bench: Bench) -> None:
    code, said = bench.run("add", "xx")
    first = "Error: xx has no row yet in ivr/line/languages.py. Write it there first: names, voices."
    assert (code, said.splitlines()[0]) == (1, first)
    assert [field.name for field in fields(Language) if field.name not in said] == []
    assert not (bench.locales / "xx").exists()


@pytest.mark.parametrize("code", TRANSLATED)
def test_as_shipped_nothing_is_reviewed_and_nothing_waits(code: str) -> None:
    assert read_reviews(LOCALES, code).rows == ()
    assert not (LOCALES / code / "standing.po").exists()
