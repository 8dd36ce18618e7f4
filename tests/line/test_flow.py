"""What a caller does, where it leads, and what is heard there; no keys and no silence ever lead out of the line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import UnknownPlaceError
from ivr.line.flow import after_key, after_silence, check_position, entry
from ivr.line.nodes import Act, Line, Number, Pause, Position, When
from ivr.line.prompts import Utterance
from ivr.line.speech import Said, speech
from ivr.line.table import Plan, build_line
from ivr.wording.script import Words
from tests.line.test_table import ALL_LANGUAGES, CF, MANY, PAGES, TWO
from tests.line.wordings import TOPICS, shipped_words

SPANISH_NUMBER = "+12125550123"
OPT_OUT_NUMBER = "+18005550123"
PLAN = Plan(
    ("en", "es", "zh"),
    ("en", "es", "zh"),
    frozenset({"es", "zh"}),
    {SPANISH_NUMBER: "es", "+12125550124": "vi"},
    OPT_OUT_NUMBER,
)
LINE = build_line(TOPICS, PLAN)
EVERYONE = build_line(TOPICS, Plan(ALL_LANGUAGES, ALL_LANGUAGES[:3], frozenset(ALL_LANGUAGES) - {"en"}))
ONLY_ENGLISH = build_line(TOPICS, Plan(("en",), ("en",)))
MENU = "compression-fracture/menu"
CLIP = "compression-fracture/prep/2"
SILENCE = "-"
KEYS = "1234567890*#"


def walk(position: Position, presses: str, line: Line = LINE) -> Position:
    """Where a call is after several presses ("1 # -": one, pound, silence). A person cannot be reached: it is night."""
    for press in presses.split():
        position = after_silence(line, position) if press == SILENCE else after_key(line, position, press)
        position = at_night(position, line)
    return position


def at_night(position: Position, line: Line) -> Position:
    """What the rim does when the office is closed, the caller's number is known and the database answers."""
    act = line.node(position.node).act
    if act is Act.RECORD:
        return after_silence(line, position)
    outcome = {Act.CONNECT: "person/closed", Act.SAVE: "callback/saved"}.get(act)
    return position.at(outcome) if outcome else position


def heard(position: Position, line: Line = LINE, **aloud: str) -> list[str]:
    """What is said at a position, in order: language and name of each clip, and the quiet between. `aloud` is what the
    rim knows, by name: `caller`, `clinic`, `ours`, `opt_out`, `day`, `time`."""
    names: dict[str, Number | When] = {**Number.__members__, **When.__members__}
    return [
        f"quiet {item.seconds}" if isinstance(item, Pause) else f"{item.language} {item.utterance.id}"
        for item in speech(line, position, {names[name.upper()]: words for name, words in aloud.items()})
    ]


# --- Where a call begins ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialed", "remembered", "position"),
    [
        ("", None, Position("en", "welcome")),
        ("+12125550199", None, Position("en", "welcome")),
        ("", "zh", Position("zh", "returning-zh")),
        ("", "vi", Position("en", "welcome")),
        (SPANISH_NUMBER, None, Position("es", "begin")),
        (SPANISH_NUMBER, "zh", Position("es", "begin")),
        ("+12125550124", None, Position("en", "welcome")),
        ("+12125550124", "zh", Position("zh", "returning-zh")),
        (OPT_OUT_NUMBER, None, Position("en", "optout")),
        (OPT_OUT_NUMBER, "zh", Position("en", "optout")),
    ],
    ids=[
        "with the first words",
        "with the first words at a number of all languages",
        "with the language of last time",
        "with the first words when the language of last time is closed now",
        "in the language of the number dialed",
        "in the language of the number dialed, whatever was last time",
        "with the first words when the number's language is closed",
        "with the language of last time when the number's language is closed",
        "with the end of the clinic's calls at the free number",
        "with the end of the clinic's calls at the free number, whatever was last time",
    ],
)
def test_a_call_begins(dialed: str, remembered: str | None, position: Position) -> None:
    assert entry(LINE, dialed=dialed, remembered=remembered) == position


def test_without_a_free_number_no_call_begins_with_the_end_of_the_clinics_calls() -> None:
    assert entry(ONLY_ENGLISH, dialed="") == Position("en", "welcome")
    assert entry(ONLY_ENGLISH, dialed=OPT_OUT_NUMBER) == Position("en", "welcome")


def test_with_one_language_a_returning_caller_is_not_asked_which() -> None:
    assert entry(ONLY_ENGLISH, remembered="en") == Position("en", "welcome")


# --- Where keys and silence lead -------------------------------------------------------------------------------------

WELCOME = Position("en", "welcome")
UNLISTED = Position("en", "unlisted")
AT_MENU = Position("es", MENU)
AT_CLIP = Position("es", CLIP)
AT_END = Position("es", "compression-fracture/prep/end")
WALKS: dict[str, tuple[Position, str, Position]] = {
    "one chooses English": (WELCOME, "1", Position("en", "hello")),
    "two chooses Spanish": (WELCOME, "2", Position("es", "hello")),
    "hello goes on to the menu by itself": (WELCOME, "2 -", AT_MENU),
    "pound skips hello": (WELCOME, "2 #", AT_MENU),
    "dialing ahead goes from hello straight to a section": (WELCOME, "3 5", Position("zh", f"{MENU[:-4]}risks/1")),
    "dialing ahead to everything begins with the opening": (
        WELCOME,
        "1 1",
        Position("en", f"{MENU[:-4]}all/overview/1"),
    ),
    "a returning caller goes on": (Position("es", "returning-es"), "1", Position("es", "hello")),
    "a returning caller takes another language": (Position("es", "returning-es"), "2 3", Position("zh", "hello")),
    "a silent returning caller hears all languages": (Position("es", "returning-es"), "-", Position("es", "welcome")),
    "a number of one language goes on to the menu": (Position("es", "begin"), "-", AT_MENU),
    "a number of one language is dialed ahead": (Position("es", "begin"), "2", Position("es", f"{MENU[:-4]}prep/1")),
    "four says that the language is not here": (WELCOME, "4", UNLISTED),
    "in the languages four says so too": (AT_MENU, "8 4", Position("es", "unlisted", origin=MENU)),
    "who pressed that by a slip comes back to the same clip": (AT_CLIP, "8 4 * 2 -", AT_CLIP),
    "who speaks no listed language asks to be called back": (
        WELCOME,
        "4 1",
        Position("en", "callback/number", origin="unlisted"),
    ),
    "the call-back to a language that is not here is saved": (
        WELCOME,
        "4 1 1",
        Position("en", "callback/saved", origin="unlisted"),
    ),
    "zero from a language that is not here finds the office closed": (
        WELCOME,
        "4 0",
        Position("en", "person/closed", origin="unlisted"),
    ),
    "star from the closed office leads back to what was said of the language": (WELCOME, "4 0 *", UNLISTED),
    "silence of a language that is not here is a first try": (WELCOME, "4 -", Position("en", "unlisted", "s1")),
    "its second silence is a second try": (WELCOME, "4 - -", Position("en", "unlisted", "s2")),
    "its third silence leads to a person": (WELCOME, "4 - - -", Position("en", "person/closed", origin="unlisted")),
    "three wrong keys there lead to a person": (WELCOME, "4 5 5 5", Position("en", "person/closed", origin="unlisted")),
    "two at the closed office leads back to what was said of the language": (WELCOME, "4 - - - 2", UNLISTED),
    "silence there too leads to waiting, and its fifth wait to goodbye": (
        WELCOME,
        "4 - - - - - - - - - - -",
        Position("en", "goodbye", origin="unlisted"),
    ),
    "a clip goes on to the next": (AT_CLIP, "-", Position("es", f"{MENU[:-4]}prep/3")),
    "nine says a clip again": (AT_CLIP, "9", AT_CLIP),
    "pound skips a clip": (AT_CLIP, "#", Position("es", f"{MENU[:-4]}prep/3")),
    "star leaves a clip for the menu": (AT_CLIP, "*", AT_MENU),
    "seven slows a clip down": (AT_CLIP, "7", Position("es", CLIP, slow=True)),
    "seven twice is the normal pace": (AT_CLIP, "7 7", AT_CLIP),
    "the pace stays from clip to clip": (AT_CLIP, "7 #", Position("es", f"{MENU[:-4]}prep/3", slow=True)),
    "the pace stays from language to language": (AT_CLIP, "7 8 1 #", Position("en", CLIP, slow=True)),
    "eight at a clip remembers it": (AT_CLIP, "8", Position("es", "languages", origin=CLIP)),
    "another language says hello": (AT_CLIP, "8 3", Position("zh", "hello", origin=CLIP)),
    "after hello in another language the same clip goes on": (AT_CLIP, "8 3 -", Position("zh", CLIP)),
    "star in the languages leads back": (AT_CLIP, "8 *", AT_CLIP),
    "star in the hello of another language leads to the languages": (
        AT_CLIP,
        "8 3 *",
        Position("zh", "languages", origin=CLIP),
    ),
    "dialing ahead in another language forgets the clip": (AT_CLIP, "8 1 6", Position("en", f"{MENU[:-4]}rights/1")),
    "eight twice still knows the clip": (AT_CLIP, "8 8 1 #", Position("en", CLIP)),
    "zero at a clip finds the office closed": (AT_CLIP, "0", Position("es", "person/closed", origin=CLIP)),
    "two leads back from the closed office": (AT_CLIP, "0 2", AT_CLIP),
    "star leads back from the closed office": (AT_CLIP, "0 *", AT_CLIP),
    "zero before a language is chosen leads back to the first words": (WELCOME, "0 2", WELCOME),
    "zero in the languages still knows the clip": (AT_CLIP, "8 0 2", AT_CLIP),
    "another language from the closed office still knows the clip": (AT_CLIP, "0 8 1 #", Position("en", CLIP)),
    "from nowhere one is led back to the menu": (Position("es", "person/done"), "-", AT_MENU),
    "an apology goes on to where the caller was": (Position("es", "sorry", origin=CLIP), "-", AT_CLIP),
    "one asks to be called back": (AT_CLIP, "0 1", Position("es", "callback/number", origin=CLIP)),
    "the right number is saved": (AT_CLIP, "0 1 1", Position("es", "callback/saved", origin=CLIP)),
    "after saving one goes back": (AT_CLIP, "0 1 1 1", AT_CLIP),
    "another number is keyed in": (AT_CLIP, "0 1 2", Position("es", "callback/enter", origin=CLIP)),
    "a keyed number is read back": (AT_CLIP, "0 1 2 #", Position("es", "callback/number", origin=CLIP)),
    "one hears a section again": (AT_END, "1", Position("es", f"{MENU[:-4]}prep/1")),
    "two goes to the next section": (AT_END, "2", Position("es", f"{MENU[:-4]}during/1")),
    "three goes to the menu": (AT_END, "3", AT_MENU),
    "pound goes to the next section": (AT_END, "#", Position("es", f"{MENU[:-4]}during/1")),
    "star at the menu leads to the languages": (AT_MENU, "*", Position("es", "languages")),
    "star at the languages leads to the menu": (AT_MENU, "* *", AT_MENU),
    "one silence is a first try": (AT_MENU, "-", Position("es", MENU, "s1")),
    "two silences are a second try": (AT_MENU, "- -", Position("es", MENU, "s2")),
    "three silences lead to a person": (AT_MENU, "- - -", Position("es", "person/closed", origin=MENU)),
    "three silences in the first words lead to a person": (
        WELCOME,
        "- - -",
        Position("en", "person/closed", origin="welcome"),
    ),
    "three silences at an end ring nobody: the caller may have left": (
        AT_END,
        "- - -",
        Position("es", "waiting-1", origin=AT_END.node),
    ),
    "three wrong keys lead to a person": (AT_END, "5 5 5", Position("es", "person/closed", origin=AT_END.node)),
    "wrong keys and silences count together": (AT_MENU, "- # -", Position("es", "person/closed", origin=MENU)),
    "the last wrong key is what is spoken of": (AT_END, "- 5", Position("es", AT_END.node, "w2")),
    "a wrong key at a clip is a try there": (AT_CLIP, "3", Position("es", CLIP, "w1")),
    "silence after a wrong key at a clip goes on": (AT_CLIP, "3 -", Position("es", f"{MENU[:-4]}prep/3")),
    "three wrong keys at a clip lead to a person": (AT_CLIP, "3 3 3", Position("es", "person/closed", origin=CLIP)),
    "a good key takes the tries back": (AT_MENU, "- - 9", AT_MENU),
    "silence at the closed office leads to waiting": (AT_CLIP, "0 - - -", Position("es", "waiting-1", origin=CLIP)),
    "one ends the waiting": (AT_CLIP, "0 - - - - - 1", AT_CLIP),
    "the fifth wait ends in goodbye": (AT_CLIP, "0 - - - - - - - -", Position("es", "goodbye", origin=CLIP)),
}


@pytest.mark.parametrize(("start", "presses", "end"), WALKS.values(), ids=WALKS.keys())
def test_a_walk(start: Position, presses: str, end: Position) -> None:
    assert walk(start, presses) == end


@pytest.mark.parametrize("code", ALL_LANGUAGES)
def test_in_each_opening_language_one_who_is_not_listed_is_called_back(code: str) -> None:
    line = build_line(TOPICS, Plan((code,), (code,)))
    start = entry(line)
    assert heard(walk(start, "2", line), line) == [
        *(f"{code} unlisted.title", f"{code} unlisted.offer.1", f"{code} keys.person.0")
    ]
    assert walk(start, "2 1", line) == Position(code, "callback/number", origin="unlisted")
    assert walk(start, "2 - - -", line) == Position(code, "person/closed", origin="unlisted")


def test_on_the_last_page_of_all_languages_the_last_key_says_that_ones_own_is_not_here() -> None:
    last = f"{'# ' * (PAGES - 1)}{len(ALL_LANGUAGES) % 6 + 1}"
    assert walk(WELCOME, last, MANY) == UNLISTED
    assert walk(Position("fa", MENU), f"8 {last}", MANY) == Position("fa", "unlisted", origin=MENU)


LED_ON = {
    "from the first words, by way of the closed office": (WELCOME, "0 8 1 -", Position("en", MENU)),
    "who pressed by mistake that the language is not here": (WELCOME, "4 0 8 3 -", Position("zh", MENU)),
}


@pytest.mark.parametrize(("start", "presses", "end"), LED_ON.values(), ids=LED_ON.keys())
def test_who_has_chosen_a_language_is_not_led_back_to_before_the_choice(
    start: Position, presses: str, end: Position
) -> None:
    assert walk(start, presses) == end


def test_a_keyed_in_number_travels_with_the_call_until_the_caller_goes_back() -> None:
    given = Position("es", "callback/number", origin=CLIP, number="sealed")
    assert walk(given, "1") == Position("es", "callback/saved", origin=CLIP, number="sealed")
    assert walk(given, "1 1") == AT_CLIP


def test_pound_goes_round_the_pages_of_languages() -> None:
    start = Position("es", "languages", origin=CLIP)
    pages = [walk(start, " ".join("#" * times), MANY) for times in range(1, PAGES + 1)]
    assert pages == [
        *(Position("es", f"languages-{number}", origin=CLIP) for number in range(2, PAGES + 1)),
        start,
    ]


def test_a_language_of_the_second_page_hears_the_emergency_notice_first() -> None:
    assert walk(WELCOME, "# 1", MANY) == Position(ALL_LANGUAGES[6], "begin")


def test_with_two_procedures_hello_goes_on_to_them_and_star_leads_back_to_them() -> None:
    assert walk(WELCOME, "1 -", TWO) == Position("en", "procedures")
    assert walk(WELCOME, "1 - 2 2 *", TWO) == Position("en", "knee/menu")
    assert walk(WELCOME, "1 - 2 2 * *", TWO) == Position("en", "procedures")


# --- What is heard ---------------------------------------------------------------------------------------------------

HEARD: dict[str, tuple[Position, list[str]]] = {
    "the first words": (
        WELCOME,
        [
            "quiet 1",
            *("en emergency", "es emergency", "zh emergency"),
            *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "a language that is not here": (
        UNLISTED,
        [
            *("en unlisted.title", "es unlisted.title", "zh unlisted.title"),
            *("en unlisted.offer.1", "es unlisted.offer.1", "zh unlisted.offer.1"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "its silence is spoken of in every opening language, whichever was chosen before": (
        Position("es", "unlisted", "s2"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en unlisted.offer.1", "es unlisted.offer.1", "zh unlisted.offer.1"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "silence after the first words is spoken of in every opening language, without the emergency notice": (
        Position("en", "welcome", "s1"),
        [
            *("en retry.silence", "es retry.silence", "zh retry.silence"),
            *("en language.choice.1", "es language.choice.2", "zh language.choice.3"),
            *("en language.unlisted.4", "es language.unlisted.4", "zh language.unlisted.4"),
            *("en keys.person.0", "es keys.person.0", "zh keys.person.0"),
        ],
    ),
    "silence of a returning caller is spoken of in the language of last time": (
        Position("es", "returning-es", "w1"),
        [
            "es retry.wrong",
            "es language.same.1",
            *("es keys.language.2", "en keys.language.2", "zh keys.language.2"),
            "es keys.person.0",
        ],
    ),
    "hello in a reviewed language": (
        Position("en", "hello"),
        [
            *(
                "en compression-fracture.welcome",
                "en keys.skip.pound",
                "en hello.notice",
                "en hello.ask",
                "en keys.title",
            ),
            *("en keys.slower.7", "en keys.language.8", "en keys.again.9", "en keys.person.0", "en keys.back.star"),
        ],
    ),
    "hello in an unreviewed language says so": (
        Position("es", "hello"),
        [
            *("es compression-fracture.welcome", "es keys.skip.pound", "es hello.notice", "es hello.ask"),
            *("es hello.unreviewed.0", "es keys.title"),
            *("es keys.slower.7", "es keys.language.8", "es keys.again.9", "es keys.person.0", "es keys.back.star"),
        ],
    ),
    "the first clip of a section": (
        Position("zh", "compression-fracture/risks/1"),
        ["zh compression-fracture.risks.title", "zh compression-fracture.risks.leak"],
    ),
    "a later clip": (Position("zh", "compression-fracture/risks/2"), ["zh compression-fracture.risks.clot"]),
    "a wrong key at a clip says it again": (
        Position("zh", "compression-fracture/risks/2", "w1"),
        ["zh retry.wrong", "zh compression-fracture.risks.clot"],
    ),
    "a new try repeats the choices and not the title": (
        Position("en", "compression-fracture/rights/end", "s2"),
        ["en retry.silence", "en end.again.1", "en end.menu.2"],
    ),
    "the end of a section tells that one may hang up": (
        Position("en", "compression-fracture/rights/end"),
        [
            *("en end.title", "en compression-fracture.reviewed", "en end.hang-up"),
            *("en end.again.1", "en end.menu.2"),
        ],
    ),
    "a number that is none is not called a wrong key": (
        Position("en", "callback/enter", "w1"),
        ["en callback.invalid", "en callback.enter.pound"],
    ),
    "goodbye": (Position("es", "goodbye"), ["es goodbye"]),
}


@pytest.mark.parametrize(("position", "expected"), HEARD.values(), ids=HEARD.keys())
def test_what_is_heard(position: Position, expected: list[str]) -> None:
    assert heard(position) == expected


def test_a_number_is_read_aloud_in_groups_with_quiet_between() -> None:
    assert heard(Position("es", "callback/saved"), caller="212 55") == [
        "es callback.saved",
        *("quiet 1", "es digit.2", "es digit.1", "es digit.2"),
        *("quiet 1", "es digit.5", "es digit.5"),
        "es callback.return.1",
    ]


def test_the_clinics_number_is_read_aloud_after_words_of_its_own() -> None:
    assert heard(Position("en", "callback/failed"), clinic="9") == [
        *("en callback.failed", "en callback.call-us", "quiet 1", "en digit.9"),
        *("en callback.offer.1", "en callback.return.2"),
    ]


def test_a_clinic_without_a_number_is_not_spoken_of() -> None:
    assert heard(Position("en", "callback/failed"), caller="9") == [
        "en callback.failed",
        "en callback.offer.1",
        "en callback.return.2",
    ]


def test_an_utterance_is_named_after_its_prompt_and_its_key() -> None:
    assert [Utterance("menu.all", key).id for key in ("", "1", "*", "#")] == [
        "menu.all",
        "menu.all.1",
        "menu.all.star",
        "menu.all.pound",
    ]


# --- Places that the line does not have ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("position", "words"),
    [
        (Position("vi", "welcome"), "no node 'welcome' in 'vi'"),
        (Position("en", "nowhere"), "no node 'nowhere' in 'en'"),
        (Position("en", "person", origin="nowhere"), "no place 'nowhere' to come back to"),
        (Position("en", "person", origin="hello"), "no place 'hello' to come back to"),
        (Position("en", "person", origin="goodbye"), "no place 'goodbye' to come back to"),
    ],
)
def test_a_place_that_the_line_does_not_have_is_refused(position: Position, words: str) -> None:
    with pytest.raises(UnknownPlaceError, match=f"^{words}$"):
        check_position(LINE, position)


def test_a_place_that_the_line_has_is_given_back() -> None:
    position = Position("es", "person", "s1", slow=True, origin=CLIP, number="sealed")
    assert check_position(LINE, position) is position


# --- Whatever a caller does ------------------------------------------------------------------------------------------

LINES = {"shipped": LINE, "only English": ONLY_ENGLISH, "every language": EVERYONE, "two procedures": TWO}
OUTCOMES = {
    Act.CONNECT: ("person/closed", "person/away", "person/unset", "person/done"),
    Act.CONFIRM: ("callback/number", "callback/enter"),
    Act.SAVE: ("callback/saved", "callback/failed", "callback/enter"),
}
"""Where the rim may lead a call at each act: what the exchange does with an open office, a hidden number, a failure."""
REMINDERS = tuple(
    Position(code, f"{CF}/reminder/{name}", attempt="17")
    for code in ("en", "es")
    for name in ("gate", "menu", "voicemail")
)
"""Where a call of the clinic begins, and where it goes on once the person has said that it is for them."""


def outcomes(line: Line, name: str) -> tuple[str, ...]:
    """The nodes to which the rim may lead a call from one that it does not speak at; none where it speaks."""
    node = line.node(name)
    if node.act is Act.RECORD and node.silence:
        return node.silence.to, node.failure
    return OUTCOMES.get(node.act, ())


MOST_SILENCES = 45
"""Everything (25 clips), a menu, a person, five waits: with room to spare, far from for ever."""


@st.composite
def calls(draw: st.DrawFn, line: str = "", starts: tuple[Position, ...] = ()) -> tuple[str, list[Position]]:
    """The name of a line, and a call through it: any entry, any keys and silences, anything that the rim may do."""
    name = line or draw(st.sampled_from(sorted(LINES)))
    table = LINES[name]
    dialed = draw(st.sampled_from(["", SPANISH_NUMBER, OPT_OUT_NUMBER]))
    remembered = draw(st.sampled_from([None, *table.languages, "xx"]))
    positions = [draw(st.sampled_from(starts or (entry(table, dialed=dialed, remembered=remembered),)))]
    for press in draw(st.lists(st.sampled_from(SILENCE + KEYS), max_size=40)):
        here = positions[-1]
        if table.node(here.node).act is Act.HANG_UP:
            break
        there = after_silence(table, here) if press == SILENCE else after_key(table, here, press)
        led = outcomes(table, there.node)
        positions.append(there.at(draw(st.sampled_from(led))) if led else there)
    return name, positions


@given(calls() | calls("shipped", REMINDERS))
def test_no_call_ever_leaves_the_line(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    for position in positions:
        assert check_position(line, position) is position


@given(calls() | calls("shipped", REMINDERS))
def test_something_is_said_wherever_a_call_comes(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    for position in positions:
        said = [item for item in speech(line, position, {}) if isinstance(item, Said)]
        assert said
        assert {item.language for item in said} <= set(line.languages)


@pytest.fixture(scope="module")
def words() -> Words:
    return shipped_words()


@pytest.mark.parametrize("code", ALL_LANGUAGES)
@settings(max_examples=30)
@given(data=st.data())
def test_in_every_language_a_call_finds_words_wherever_it_comes(code: str, words: Words, data: st.DataObject) -> None:
    first = ("begin", "hello", MENU, "unlisted", "optout", f"{CF}/reminder/gate", f"{CF}/reminder/menu")
    starts = tuple(Position(code, node) for node in first)
    _, positions = data.draw(calls("every language", starts))
    for position in positions:
        assert check_position(EVERYONE, position) is position
        said = [item for item in speech(EVERYONE, position, {}) if isinstance(item, Said)]
        assert said
        for item in said:
            text = words.text(item.language, item.utterance)
            assert text.strip()
            assert not set("{}") & set(text)


@given(calls())
def test_whoever_falls_silent_anywhere_comes_to_the_goodbye(call: tuple[str, list[Position]]) -> None:
    line, positions = LINES[call[0]], call[1]
    position, silences = positions[-1], 0
    while line.node(position.node).act is not Act.HANG_UP:
        position = at_night(after_silence(line, position), line)
        silences += 1
        assert silences <= MOST_SILENCES
    assert position.node in ("goodbye", "optout/stopped", "optout/failed")


@given(calls("shipped", REMINDERS))
def test_a_call_of_the_clinic_ends_by_itself_too_when_nobody_presses_a_key(call: tuple[str, list[Position]]) -> None:
    position, silences = call[1][-1], 0
    while LINE.node(position.node).act is not Act.HANG_UP:
        position = at_night(after_silence(LINE, position), LINE)
        silences += 1
        assert silences <= MOST_SILENCES


@given(calls("shipped", REMINDERS))
def test_every_move_of_a_reminder_keeps_which_attempt_the_call_is(call: tuple[str, list[Position]]) -> None:
    assert {position.attempt for position in call[1]} == {"17"}


@given(calls())
def test_no_call_that_comes_in_is_ever_taken_for_an_attempt(call: tuple[str, list[Position]]) -> None:
    assert {position.attempt for position in call[1]} == {""}


@given(calls() | calls("shipped", REMINDERS), st.sampled_from("7890*"))
def test_wherever_hello_has_been_heard_a_taught_key_is_never_a_wrong_one(
    call: tuple[str, list[Position]], key: str
) -> None:
    line, positions = LINES[call[0]], call[1]
    for number, position in enumerate(positions):
        node = line.node(position.node)
        hello_heard = any(earlier.node in ("hello", "begin") for earlier in positions[:number])
        before_hello = node.id.startswith(("welcome", "returning", "optout")) or (
            node.id == "unlisted" and not hello_heard
        )
        if node.act in (Act.LISTEN, Act.CONFIRM) and not before_hello:
            assert after_key(line, position, key).tries == ""


@pytest.mark.parametrize("key", [*"7890*"])
def test_who_comes_from_a_clip_to_the_language_that_is_not_here_keeps_the_taught_keys(key: str) -> None:
    assert after_key(LINE, walk(AT_CLIP, "8 4"), key).tries == ""
