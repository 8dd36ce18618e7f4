"""The listening page: every clip of every language beside its words; what is missing is said; staff only where asked.

The line is the real one; its clips are tones, written at once, so that each test knows exactly what is there.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient

from ivr.console.listening.rows import (
    ClipRow,
    format_length,
    list_groups,
    list_lines,
    summarize_language,
    summarize_languages,
)
from ivr.console.listening.views import make_listening_pages
from ivr.console.sign_in.views import make_sign_in_pages, require_staff
from ivr.line.prompts import Utterance
from ivr.parts import Spineline
from ivr.speech.limits import RATE
from ivr.speech.manifest import Clip, ClipSet, LanguageClips, Manifest, locate_built_layer, write_manifest
from ivr.speech.mastering import encode, normalise
from ivr.speech.sound import Grade, Samples
from ivr.store.migrate import upgrade
from ivr.voice.audio import make_audio_files
from ivr.web.pages import make_shared_files
from ivr.wiring import create_app
from ivr.wording.catalogs import CatalogEntry, read_entries
from ivr.wording.review import Review, ReviewVerdict, add_reviews, hash_words
from ivr.wording.script import ScriptLine
from tests.conftest import MONDAY_MORNING, ROOT
from tests.speech.tones import tone
from tests.topics import SHIPPED_FOLDER

PREP = "compression-fracture.prep"
MISSING, ONE_PACE, RECORDED = f"{PREP}.fasting", f"{PREP}.ride", f"{PREP}.title"
TOO_LOUD, BROKEN = f"{PREP}.medicines", f"{PREP}.which-medicines"
"""What is not as it should be, in Spanish; everything else is there, in English too. Mandarin has no clip."""
SECONDS = 0.5
RECORDING = b"RIFF: what a person recorded"
NAME, PASSWORD = "Ana Ruiz", "correct horse battery"


# --- A line of one's own, that speaks in tones ------------------------------------------------------------------------


def name_of(code: str, id_: str, pace: str = "normal") -> str:
    """The file name of a clip."""
    return sha256(f"{code} {id_} {pace}".encode()).hexdigest() + ".wav"


def listening_line(folder: Path, codes: Sequence[str] = ("en", "es"), **changed: str) -> Spineline:
    """The line in English, Spanish and Mandarin, with tones for `codes`."""
    settings = {
        "SPINELINE_ENV": "local",
        "TOPICS_FOLDER": str(SHIPPED_FOLDER),
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_AUTH_TOKEN": "a token of Twilio for the tests",
        "NUMBER_KEYS": Fernet.generate_key().decode(),
        "HASH_KEY": "a key for hashes in the tests, long enough",
        "SECRET_KEY": "a key for cookies in the tests",
        "DATABASE_URL": f"sqlite:///{folder / 'line.db'}",
        "LANGUAGES": "en es zh",
        "AUDIO_FOLDER": str(folder / "audio"),
    }
    parts: Spineline = create_app({**settings, **changed}, lambda: MONDAY_MORNING).extensions["spineline"]
    _speak(folder / "audio", {code: parts.content.scripts[code] for code in codes})
    return parts


def _speak(audio: Path, scripts: Mapping[str, Sequence[ScriptLine]]) -> None:
    sound = tone(SECONDS, rate=RATE)
    right, loud = encode(normalise(sound)), encode(at_full_scale(sound))
    languages: dict[str, LanguageClips] = {}
    for code, lines in scripts.items():
        odd = {TOO_LOUD: loud, BROKEN: b"not sound"} if code == "es" else {}
        (audio / "built" / code).mkdir(parents=True)
        for line in lines:
            for pace in ("normal", "slow"):
                (audio / "built" / code / name_of(code, line.id, pace)).write_bytes(odd.get(line.id, right))
        languages[code] = _clips(code, lines)
    write_manifest(locate_built_layer(audio).manifest, Manifest(languages))
    (audio / "recordings" / "es").mkdir(parents=True)
    for id_ in (RECORDED, ONE_PACE):
        (audio / "recordings" / "es" / f"{id_}.wav").write_bytes(RECORDING)


def at_full_scale(sound: Samples) -> Samples:
    """The same sound at full scale."""
    return sound / float(abs(sound).max())


def _clips(code: str, lines: Sequence[ScriptLine]) -> LanguageClips:
    voice = ("recordings", "human", Grade.RECORDED) if code == "es" else ("tones", "alto", Grade.BASIC)

    def clip(line: ScriptLine, pace: str) -> Clip:
        recording = "ab" * 32 if code == "es" and line.id == RECORDED else ""
        return Clip(code, line.id, line.text, *voice, name_of(code, line.id, pace), "cd" * 32, SECONDS, recording)

    absent = {"normal": {MISSING}, "slow": {MISSING, ONE_PACE}} if code == "es" else {"normal": set(), "slow": set()}
    normal, slow = (
        {line.id: clip(line, pace) for line in lines if line.id not in absent[pace]} for pace in ("normal", "slow")
    )
    one = ClipSet(*voice, normal, slow)
    return LanguageClips(one.key, {one.key: one})


def pages(parts: Spineline, *, for_staff: bool = False) -> Flask:
    """An app with the listening page, and what stands beside it."""
    app = Flask("listening")
    app.config["SECRET_KEY"] = "a key for cookies in the tests"
    app.register_blueprint(make_audio_files(parts.content.clips))
    app.register_blueprint(make_shared_files())
    app.register_blueprint(make_sign_in_pages(parts.database.store.staff.accounts, lambda: MONDAY_MORNING))
    app.register_blueprint(make_listening_pages(parts, require_staff(lambda: MONDAY_MORNING) if for_staff else None))
    return app


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Spineline:
    """A line that no test changes."""
    return listening_line(tmp_path_factory.mktemp("listening"))


@pytest.fixture
def client(parts: Spineline) -> FlaskClient:
    return pages(parts).test_client()


def back_of(code: str) -> dict[str, CatalogEntry]:
    return read_entries(ROOT / "locales" / code / "back-translation.po")


def rows(parts: Spineline, code: str, back: Mapping[str, CatalogEntry] | None = None) -> dict[str, ClipRow]:
    shown = list_groups(parts, code, back_of(code) if back is None else back, {RECORDED, ONE_PACE})
    return {row.line.id: row for group in shown for row in group.rows}


def row_on(page: str, id_: str) -> str:
    """What stands in one row of a page, as written."""
    found = re.search(rf'<li class="row" id="row-{re.escape(id_)}">.*?</li>', page, re.DOTALL)
    assert found, f"{id_} is not on the page"
    return found[0]


def words_of(markup: str) -> str:
    """What a reader sees of some markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


# --- The languages ----------------------------------------------------------------------------------------------------


def test_the_languages_are_listed_in_the_order_of_the_offer_with_their_clips(parts: Spineline) -> None:
    clips = {code: len(parts.content.scripts[code]) for code in ("en", "es", "zh")}
    found = [
        (one.language.code, one.state.clips, one.state.voiced, one.missing, one.seconds)
        for one in summarize_languages(parts)
    ]
    assert found == [
        ("en", clips["en"], clips["en"], 0, clips["en"] * SECONDS),
        ("es", clips["es"], clips["es"] - 1, 1, (clips["es"] - 1) * SECONDS),
        ("zh", clips["zh"], 0, clips["zh"], 0),
    ]


def test_a_language_is_shown_by_its_own_name_with_voice_review_and_what_is_missing(
    client: FlaskClient, parts: Spineline
) -> None:
    page = client.get("/listen").text
    cards = {code: words_of(page.split(f'data-code="{code}"')[1].split("</li>")[0]) for code in ("en", "es", "zh")}
    assert '<a href="/listen/zh"><span lang="zh-CN" dir="ltr">普通话</span>' in page
    es, prompts = summarize_language(parts, "es"), summarize_language(parts, "es").state.prompts
    length = format_length(es.seconds)
    assert cards["es"].endswith(
        f"Español Spanish open Voice recordings human, recorded Clips {es.state.voiced} of {es.state.clips}, {length} "
        f"1 missing Review 0 of {prompts} prompts approved"
    )
    assert "Voice tones alto, basic" in cards["en"]
    assert "missing" not in cards["en"]
    assert "Review source words" in cards["en"]
    assert f"Voice none yet Clips 0 of {es.state.clips}, 0 s {es.state.clips} missing" in cards["zh"]


def test_a_closed_language_says_why_in_the_list_and_on_its_own_page(tmp_path: Path) -> None:
    client = pages(listening_line(tmp_path, UNREVIEWED_LANGUAGES="hide")).test_client()
    reason = "no qualified person has reviewed all of it (UNREVIEWED_LANGUAGES is hide)."
    assert words_of(client.get("/listen").text).count(f"Closed: {reason}") == 2
    assert f"Closed to callers: {reason}" in words_of(client.get("/listen/es").text)
    assert "Closed" not in words_of(client.get("/listen/en").text)


def test_a_language_whose_files_cannot_be_read_has_a_page_that_says_so(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    (tmp_path / "locales" / "es" / "spoken.toml").write_text("joiner = ")
    parts = listening_line(tmp_path, ("en",), LOCALES_FOLDER=str(tmp_path / "locales"))
    page = pages(parts).test_client().get("/listen/es")
    assert page.status_code == 200
    assert "Closed to callers: its files cannot be read" in words_of(page.text)
    assert "There is nothing to hear yet: not all of this language's words are written." in words_of(page.text)


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (61, "1 min 1 s"), (3725, "62 min 5 s")]
)
def test_a_length_is_said_in_minutes_and_seconds(seconds: float, words: str) -> None:
    assert format_length(seconds) == words


# --- The order and the headings of a page -----------------------------------------------------------------------------

HEADINGS = [
    "The first words",
    "Hello, the notice, and the keys that work at any time",
    "The menu, and new tries",
    "About the two procedures",
    "How to prepare",
    "What happens during the procedure",
    "What happens after the procedure",
    "The risks",
    "Your rights",
    "Endings",
    "A person, and calling back",
    "Reminder calls",
    "Digits",
    "Days of the week",
    "Months",
    "Days of the month",
    "Hours",
    "Minutes",
    "Parts of the day",
    "How far off a day is",
]


def test_a_page_follows_the_call_and_every_clip_finds_a_heading(parts: Spineline) -> None:
    assert [group.title for group in list_groups(parts, "es", {}, ())] == HEADINGS
    english = [group.title for group in list_groups(parts, "en", {}, ())]
    assert english == [*HEADINGS[:12], "What the clinic's staff hear", *HEADINGS[12:]]


@pytest.mark.parametrize("code", ["en", "es", "zh"])
def test_every_line_of_the_script_is_one_row_and_keeps_its_order_under_its_heading(parts: Spineline, code: str) -> None:
    script = list(parts.content.scripts[code])
    under = list_lines(parts, code)
    assert sorted(line.id for lines in under.values() for line in lines) == sorted(line.id for line in script)
    for lines in under.values():
        assert lines == [line for line in script if line in lines]


@pytest.mark.parametrize(
    ("id_", "key"),
    [
        ("emergency", "first"),
        ("language.choice.2", "first"),
        ("keys.person.0", "hello"),
        ("notice", "hello"),
        ("hello.again", "hello"),
        ("retry.wrong", "menu"),
        (f"{PREP}.choice.2", "menu"),
        (RECORDED, PREP),
        ("compression-fracture.reviewed", "endings"),
        ("goodbye", "endings"),
        ("callback.call-us", "person"),
        ("compression-fracture.question.eating", "reminders"),
        ("digit.7", "digits"),
        ("date.day.31", "days"),
        ("time.part.0", "parts"),
        ("away.days.0", "away"),
        ("away.days.30", "away"),
    ],
)
def test_a_clip_stands_under_the_part_of_the_call_that_it_belongs_to(parts: Spineline, id_: str, key: str) -> None:
    assert [name for name, lines in list_lines(parts, "es").items() if id_ in [line.id for line in lines]] == [key]


def test_a_clip_that_belongs_nowhere_is_shown_all_the_same(parts: Spineline) -> None:
    strange = replace(parts, content=replace(parts.content, scripts={"es": (ScriptLine("es", "strange.words", "…"),)}))
    assert [group.title for group in list_groups(strange, "es", {}, ())] == ["Everything else"]


def test_a_part_is_walked_through_as_the_call_does_it_with_two_seconds_between_clips(parts: Spineline) -> None:
    walks = {group.key: group.steps for group in list_groups(parts, "es", {}, ())}
    assert walks[PREP] == (RECORDED, TOO_LOUD, 2, BROKEN, 2, MISSING, 2, ONE_PACE)
    overview = [f"compression-fracture.overview.{name}" for name in ("title", "what", "cause", "when", "benefit")]
    assert walks["compression-fracture.overview"] == (
        overview[0],
        overview[1],
        2,
        overview[2],
        2,
        overview[3],
        2,
        overview[4],
    )
    assert walks["menu"][:2] == ("menu.title", "menu.all.1")
    assert {key for key, steps in walks.items() if not steps} == {
        *("first", "endings", "person", "reminders"),
        *("digits", "weekdays", "months", "days", "hours", "minutes", "parts", "away"),
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ("compression-fracture.welcome",)),
        ("es", (1, "emergency", "compression-fracture.welcome", "hello.unreviewed")),
    ],
)
def test_the_hello_is_that_of_the_first_words_language_or_of_one_that_was_chosen(
    parts: Spineline, code: str, expected: tuple[str | int, ...]
) -> None:
    walks = {group.key: group.steps for group in list_groups(parts, code, {}, ())}
    assert walks["hello"] == expected


# --- A row ------------------------------------------------------------------------------------------------------------


def test_a_row_holds_the_words_the_english_and_the_way_back(parts: Spineline) -> None:
    row = rows(parts, "es")["emergency"]
    assert row.line.text == parts.content.words.text("es", Utterance("emergency"))
    assert row.reading.english == "If this is an emergency, hang up now, and call {emergency}."
    assert row.reading.back == back_of("es")["emergency"].text
    assert row.reading.doubts == ()
    assert row.reading.review == "not reviewed"
    assert (row.normal.name, row.slow.name) == (name_of("es", "emergency"), name_of("es", "emergency", "slow"))  # type: ignore[union-attr]


def test_a_piece_of_a_date_has_the_english_of_its_own(parts: Spineline) -> None:
    row = rows(parts, "es")["date.weekday.1"]
    assert (row.line.text, row.reading.english, row.reading.back, row.reading.review) == ("el lunes", "Monday", "", "")


@pytest.mark.parametrize(
    ("id_", "review"),
    [("emergency", "source words"), ("compression-fracture.whisper", "for staff"), ("date.weekday.1", "")],
)
def test_english_is_shown_once_and_needs_no_way_back(parts: Spineline, id_: str, review: str) -> None:
    reading = rows(parts, "en")[id_].reading
    assert (reading.english, reading.back, reading.doubts, reading.review) == ("", "", (), review)


def test_a_clip_that_is_missing_is_a_row_that_says_so(client: FlaskClient, parts: Spineline) -> None:
    page = client.get("/listen/es").text
    row = row_on(page, MISSING)
    assert "No clip of these words" in words_of(row)
    assert "<a " not in row
    assert "No clip" not in words_of(row_on(page, RECORDED))
    clips = len(parts.content.scripts["es"])
    assert f"1 of {clips} clips are missing. Run: flask audio build , then restart the line." in words_of(page)


def test_a_language_without_a_voice_shows_its_words_all_the_same(client: FlaskClient, parts: Spineline) -> None:
    page = client.get("/listen/zh").text
    assert "No voice yet" in words_of(page)
    assert page.count('class="none"') == len(parts.content.scripts["zh"])
    assert '<a class="play"' not in page


@pytest.mark.parametrize(
    ("id_", "buttons"),
    [
        ("emergency", ["As on the phone", "Slower"]),
        (ONE_PACE, ["As on the phone"]),
        (RECORDED, ["As on the phone", "Slower", "Original"]),
        (MISSING, []),
        ("date.weekday.1", ["Play", "Slower"]),
    ],
)
def test_each_row_offers_what_there_is_to_hear(client: FlaskClient, id_: str, buttons: list[str]) -> None:
    row = row_on(client.get("/listen/es").text, id_)
    assert re.findall(r'<a class="play"[^>]*>([^<]*)</a>', row) == buttons


def test_every_button_is_a_plain_link_to_its_sound(client: FlaskClient) -> None:
    page = client.get("/listen/es").text
    links = re.findall(r'<a class="play"[^>]*href="([^"]*)"', row_on(page, RECORDED))
    assert links == [
        f"/audio/es/{name_of('es', RECORDED)}",
        f"/audio/es/{name_of('es', RECORDED, 'slow')}",
        f"/listen/es/original/{RECORDED}",
    ]
    for link in links:
        with client.get(link) as sound:
            assert (sound.status_code, sound.content_type) == (200, "audio/wav")
    with client.get(links[-1]) as original:
        assert original.data == RECORDING


@pytest.mark.parametrize(
    "address",
    [
        "/listen/es/original/emergency",
        "/listen/es/original/..%2f..%2fbuilt%2fmanifest",
        "/listen/es/original/../es/" + RECORDED,
        f"/listen/fr/original/{RECORDED}",
        "/listen/fr",
        "/listen/xx",
        "/listen/fr/measures/hello",
        "/listen/es/measures/nothing",
        "/listen/es/measures/staff",
    ],
)
def test_what_is_not_there_cannot_be_asked_for(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


# --- What a reader should look at -------------------------------------------------------------------------------------

FASTING = back_of("es")[MISSING]
WITHOUT_DENIAL = "For {fasting}, eat and drink."


@pytest.mark.parametrize(
    ("read", "doubts"),
    [
        (FASTING, ()),
        (None, ("There is no back-translation.",)),
        (replace(FASTING, text=""), ("There is no back-translation.",)),
        (replace(FASTING, source="Otras palabras."), ("The back-translation is of other words.",)),
        (
            replace(FASTING, text=WITHOUT_DENIAL),
            ("Turned back into English, a denial (not, never, no) is gone.",),
        ),
        (
            replace(
                FASTING,
                text=WITHOUT_DENIAL,
                notes=("same meaning: a denial (not, never, no) is gone",),
            ),
            (),
        ),
    ],
)
def test_what_was_lost_on_the_way_back_is_said(
    parts: Spineline, read: CatalogEntry | None, doubts: tuple[str, ...]
) -> None:
    back = {**back_of("es")}
    back.pop(MISSING)
    shown = rows(parts, "es", back | ({MISSING: read} if read else {}))[MISSING]
    assert shown.reading.doubts == doubts


def test_a_back_translation_that_cannot_be_read_keeps_nobody_from_hearing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    (tmp_path / "locales" / "es" / "back-translation.po").write_text('msgctxt "emergency"\nmsgid "x\nmsgstr "y"\n')
    parts = listening_line(tmp_path, LOCALES_FOLDER=str(tmp_path / "locales"))
    page = pages(parts).test_client().get("/listen/es")
    assert page.status_code == 200
    assert "back-translation.po:2: This is not a valid PO file" in words_of(page.text)
    assert "There is no back-translation." in words_of(row_on(page.text, "emergency"))
    assert 'class="play"' in row_on(page.text, "emergency")


def test_an_approval_is_shown_and_counted(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    entry = read_entries(tmp_path / "locales" / "es" / "LC_MESSAGES" / "spineline.po")["emergency"]
    hashes = (hash_words(entry.source), hash_words(entry.text))
    review = Review("emergency", *hashes, "Ana Ruiz", "interpreter", date(2026, 11, 1), ReviewVerdict.APPROVED)
    add_reviews(tmp_path / "locales", "es", [review])
    parts = listening_line(tmp_path, LOCALES_FOLDER=str(tmp_path / "locales"))
    assert summarize_language(parts, "es").state.reviewed == 1
    shown = rows(parts, "es")
    assert (shown["emergency"].reading.review, shown["goodbye"].reading.review) == ("approved", "not reviewed")
    page = pages(parts).test_client().get("/listen/es").text
    assert '<span class="mark" data-review="approved">approved</span>' in row_on(page, "emergency")


def test_newer_words_that_wait_are_said(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    catalog = tmp_path / "locales" / "es" / "LC_MESSAGES" / "spineline.po"
    catalog.write_text(catalog.read_text("utf-8").replace('msgctxt "goodbye"', '#, fuzzy\nmsgctxt "goodbye"'), "utf-8")
    parts = listening_line(tmp_path, LOCALES_FOLDER=str(tmp_path / "locales"))
    doubts = {id_: row.reading.doubts for id_, row in rows(parts, "es").items() if row.reading.doubts}
    assert doubts == {"goodbye": ("Newer words wait for their translation or approval.",)}


# --- What is measured -------------------------------------------------------------------------------------------------


def test_a_part_is_measured_from_its_files(client: FlaskClient) -> None:
    found = client.get(f"/listen/es/measures/{PREP}").get_json()
    assert set(found) == {RECORDED, TOO_LOUD, BROKEN, ONE_PACE}
    assert found[RECORDED]["loudness"] == "−20.0 LUFS"
    assert re.fullmatch(r"0\.5 s, −20\.0 LUFS, peak −\d+\.\d dBFS", found[RECORDED]["words"])
    assert found[RECORDED]["fits"] is True
    assert re.fullmatch(r"(M\d+ [\d.]+v[\d.]+){96}", found[RECORDED]["wave"])


def test_a_clip_that_is_too_loud_does_not_fit(client: FlaskClient) -> None:
    assert client.get(f"/listen/es/measures/{PREP}").get_json()[TOO_LOUD]["fits"] is False


def test_a_file_that_is_no_sound_is_said(client: FlaskClient) -> None:
    found = client.get(f"/listen/es/measures/{PREP}").get_json()[BROKEN]
    assert found == {"fault": "This file cannot be read as sound. Run: flask audio check"}


def test_a_clip_is_measured_once(tmp_path: Path) -> None:
    client = pages(listening_line(tmp_path)).test_client()
    before = client.get("/listen/es/measures/first").get_json()
    (tmp_path / "audio" / "built" / "es" / name_of("es", "emergency")).write_bytes(b"other bytes")
    assert client.get("/listen/es/measures/first").get_json() == before


def test_every_picture_has_words_and_every_part_says_where_its_measures_are(client: FlaskClient) -> None:
    page = client.get("/listen/es").text
    pictures = re.findall(r'<svg class="wave"[^>]*role="img" aria-labelledby="([^"]*)"><title id="([^"]*)">', page)
    assert pictures
    assert all(named == title for named, title in pictures)
    addresses = re.findall(r'data-measures="([^"]*)"', page)
    assert len(addresses) == len(HEADINGS)
    assert {client.get(address).status_code for address in addresses} == {200}


# --- Who may see it, and what it may load -----------------------------------------------------------------------------

ADDRESSES = [
    *("/listen", "/listen/es", "/listen/es/measures/hello", f"/listen/es/original/{RECORDED}"),
    *("/listen/static/listen.css", "/listen/static/listen.js"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_whoever_is_not_signed_in_is_led_to_the_sign_in(parts: Spineline, address: str) -> None:
    answer = pages(parts, for_staff=True).test_client().get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in?then={address}")


def test_staff_who_signed_in_are_let_in(tmp_path: Path) -> None:
    parts = listening_line(tmp_path)
    upgrade(parts.settings.database_url)
    parts.database.store.staff.accounts.add_staff(NAME, PASSWORD)
    client = pages(parts, for_staff=True).test_client()
    signed_in = client.post("/sign-in", data={"name": NAME, "password": PASSWORD, "then": "/listen"})
    assert signed_in.headers["Location"] == "/listen"
    assert client.get("/listen").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_keeps_the_page_to_what_is_served_from_here(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/listen", "/listen/es", "/listen/en"])
def test_a_page_holds_no_script_no_style_and_no_address_of_elsewhere(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert not re.search(r"<style|style=|\son\w+=|https?://", page)


def test_words_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    for file in ("LC_MESSAGES/spineline.po", "back-translation.po"):
        path = tmp_path / "locales" / "es" / file
        written = re.sub(r'(msgctxt "goodbye"\nmsgid "[^"]*"\nmsgstr ")', r"\1<b>A & 'B'</b> ", path.read_text("utf-8"))
        path.write_text(written, "utf-8")
    parts = listening_line(tmp_path, LOCALES_FOLDER=str(tmp_path / "locales"))
    row = row_on(pages(parts).test_client().get("/listen/es").text, "goodbye")
    assert row.count("&lt;b&gt;A &amp; &#39;B&#39;&lt;/b&gt;") == 2
    assert "<b>" not in row


def test_without_javascript_the_page_says_what_is_left(client: FlaskClient) -> None:
    words = "JavaScript is turned off here. Each link still plays its clip; loudness and pictures are not measured."
    assert f'<noscript><p class="note">{words}</p></noscript>' in client.get("/listen/es").text


def test_words_are_marked_with_their_language_and_find_their_own_direction(client: FlaskClient) -> None:
    row = row_on(client.get("/listen/zh").text, "date.weekday.1")
    assert '<p class="words" lang="zh-CN" dir="auto">星期一，礼拜一，</p>' in row


def test_the_page_links_the_base_styles_of_all_pages_before_its_own(client: FlaskClient) -> None:
    for address in ("/listen", "/listen/es"):
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]*)">', client.get(address).text)
        assert sheets == ["/web/static/base.css", "/listen/static/listen.css"]
