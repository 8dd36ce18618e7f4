"""The shipped line keeps every rule; and each rule has a line that breaks it, and is told so in exact words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest

from ivr.errors import Fault
from ivr.line import phrases, reminder_phrases, table_rules, time_rules, word_rules
from ivr.line.grade import measure_grade, measure_sentence_length, split_sentences, split_words
from ivr.line.lint import CHECKS, TIME_CHECKS, UnfitTopic, find_unfit_topics, lint, run_checks
from ivr.line.lint_input import Evidence, LintInput
from ivr.line.nodes import HERE, Act, Choice, Move, Node, Pause, SectionClip, Spoken
from ivr.line.notices import NOTICES
from ivr.line.prompts import Audience, Prompt, Utterance
from ivr.line.table import Plan, build_line
from ivr.line.topics import Question, Topic
from tests.line.test_table import ALL_LANGUAGES, MANY, TWO
from tests.line.wordings import PROMPTS, TOPICS, shipped_words

(TOPIC,) = TOPICS
LINE = build_line(TOPICS, Plan(("en", "es", "zh"), ("en", "es", "zh"), frozenset({"es", "zh"})))
CF = "compression-fracture"


def english(language: str, utterance: Utterance) -> str:
    """Everybody speaks English here: the rules of the table do not look at a translation."""
    return PROMPTS[utterance.prompt].text


def one_second(language: str, utterance: Utterance) -> float | None:
    """Clips that take up nobody's time: what a caller waits for is measured in `test_clock.py`."""
    return 1.0


def one_word(language: str, utterance: Utterance) -> str:
    return "Words."


SAID = Evidence(english, one_second)


# --- Lines that keep the rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("languages", [("en",), ("en", "es"), ("en", "es", "zh"), ("zh", "es"), ("es",)])
def test_the_shipped_line_keeps_every_rule_in_its_own_words(languages: tuple[str, ...]) -> None:
    line = build_line(TOPICS, Plan(languages, languages[:3], frozenset(languages) - {"en"}))
    assert lint(line, TOPICS, Evidence(shipped_words().text, one_second)) == []


@pytest.mark.parametrize("code", ALL_LANGUAGES)
def test_the_shipped_line_keeps_every_rule_in_the_words_of_each_language_alone(code: str) -> None:
    line = build_line(TOPICS, Plan((code,), (code,), frozenset({code}) - {"en"}))
    assert lint(line, TOPICS, Evidence(shipped_words().text, one_second)) == []


def test_the_shipped_line_of_all_languages_keeps_every_rule_in_their_own_words() -> None:
    everyone = Plan(ALL_LANGUAGES, ALL_LANGUAGES[:3], frozenset(ALL_LANGUAGES) - {"en"})
    evidence = Evidence(shipped_words().text, one_second)
    assert lint(build_line(TOPICS, everyone), TOPICS, evidence) == []
    assert find_unfit_topics(LintInput(build_line(TOPICS, everyone), TOPICS, evidence)) == {}


def test_a_line_of_all_languages_keeps_every_rule() -> None:
    assert MANY.languages == ALL_LANGUAGES
    assert lint(MANY, TOPICS, SAID) == []


def test_a_line_of_two_procedures_keeps_every_rule() -> None:
    assert lint(TWO, TOPICS, Evidence(one_word, one_second)) == []


def test_clips_of_25_seconds_and_clips_that_are_not_made_yet_are_no_fault() -> None:
    assert run_checks(LintInput(LINE, TOPICS, Evidence(english, lambda *_: 25.0))) == []
    assert lint(LINE, TOPICS, Evidence(english, lambda *_: None)) == []


# --- For every rule, a line that breaks it ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """A line that breaks one rule: the check that must see it, what is on trial, and exactly what is said of it."""

    check: Callable[[LintInput], Iterable[Fault]]
    case: LintInput
    faults: tuple[Fault, ...]


def on_trial(*nodes: Node, without: str = "") -> LintInput:
    """The shipped line with some nodes replaced or added, and perhaps one taken out."""
    table = {**LINE.nodes, **{node.id: node for node in nodes}}
    table.pop(without, None)
    return LintInput(replace(LINE, nodes=table), TOPICS, SAID)


def with_topic(topic: Topic) -> LintInput:
    return LintInput(LINE, (topic,), SAID)


def said_as(text: str, *, at: str, language: str = "en") -> LintInput:
    """The shipped line, where every prompt whose id begins with `at` has these words."""

    def spoken(code: str, utterance: Utterance) -> str:
        return text if code == language and utterance.prompt.startswith(at) else english(code, utterance)

    return LintInput(LINE, TOPICS, Evidence(spoken, one_second))


def unspoken(language: str, prompt: str) -> LintInput:
    """The shipped line, where one prompt has no words in one language."""

    def spoken(code: str, utterance: Utterance) -> str:
        if (code, utterance.prompt) == (language, prompt):
            raise KeyError(f"{prompt} is not translated into {language}")
        return english(code, utterance)

    return LintInput(LINE, TOPICS, Evidence(spoken, one_second))


def lasting(seconds: float, language: str, clip: str) -> LintInput:
    """The shipped line, where one clip is as long as this."""

    def measured(code: str, utterance: Utterance) -> float | None:
        return seconds if (code, utterance.id) == (language, clip) else None

    return LintInput(LINE, TOPICS, Evidence(english, measured))


def node(name: str) -> Node:
    return LINE.nodes[name]


def with_keys(name: str, **keys: Move | None) -> Node:
    """A node with other silent keys (`zero`, `nine`, `pound`, `three`, `four`); None takes a key away."""
    signs = {"zero": "0", "nine": "9", "pound": "#", "three": "3", "four": "4"}
    changed = {signs[key]: move for key, move in keys.items()}
    silent = {key: move for key, move in {**node(name).silent, **changed}.items() if move}
    return replace(node(name), silent=silent)


def with_choices(name: str, *choices: Choice) -> Node:
    return replace(node(name), choices=choices)


def with_clips(section: str, *clips: Prompt) -> Topic:
    """The shipped topic with other clips in one section."""
    sections = tuple(replace(part, clips=clips) if part.id == section else part for part in TOPIC.sections)
    return replace(TOPIC, sections=sections)


OTHER_LANGUAGE = Choice("8", phrases.OTHER_LANGUAGE, Move("languages", leave=True))
END = node(f"{CF}/prep/end")
MENU = node(f"{CF}/menu")
CALL = f"{CF}/reminder"
CALL_MENU = node(f"{CALL}/menu")
PREPARED = node(f"{CALL}/prep/end")
CALL_NOTICE = Move(f"{CALL}/notice")
ATTIC = replace(node(f"{CF}/prep/1"), id="attic", clip=None)
SIDE = replace(END, id="side", choices=(Choice("1", phrases.END_AGAIN, Move("deep")),), silent=MENU.silent)
DEEP = replace(node(f"{CF}/prep/1"), id="deep", clip=SectionClip(CF, "prep", 9))
LIFTING, *OTHER_AFTER = TOPIC.section("after").clips
SHORT_WAIT = "hangs up on a silent caller after {} s. Five minutes are the least (M5)."
TEACHES_NOT = "does not teach the key {}, which helps from here on (M12)."
LONG_WORDS = "Osteoporosis necessitates hospitalization."
SIXTEEN = "You may go home on the day, and we will all be very glad to help."

BROKEN: dict[str, Broken] = {
    "a key that leads nowhere": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(with_keys(f"{CF}/prep/1", pound=Move("nowhere"))),
        (Fault(f"{CF}/prep/1", "leads to nowhere, which the line does not have."),),
    ),
    "silence that leads nowhere": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(replace(node("waiting-5"), silence=Move("nowhere"))),
        (Fault("waiting-5", "leads to nowhere, which the line does not have."),),
    ),
    "a place to go after two tries that is not there, though silence leads on": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(replace(node(f"{CF}/prep/1"), gives_up="nowhere")),
        (Fault(f"{CF}/prep/1", "leads to nowhere, which the line does not have."),),
    ),
    "an act with an outcome that is not there": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(without="person/unset"),
        (Fault("person", "leads to person/unset, which the line does not have."),),
    ),
    "a failure that leads nowhere": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(replace(node(f"{CALL}/confirm"), failure="nowhere")),
        (Fault(f"{CALL}/confirm", "leads to nowhere, which the line does not have."),),
    ),
    "a wrong answer that leads nowhere": Broken(
        table_rules.every_move_leads_somewhere,
        on_trial(replace(node(f"{CALL}/check"), otherwise=Move("nowhere"))),
        (Fault(f"{CALL}/check", "leads to nowhere, which the line does not have."),),
    ),
    "a start that is not there": Broken(
        table_rules.every_move_leads_somewhere,
        LintInput(
            replace(
                LINE,
                nodes={"goodbye": node("goodbye"), "sorry": node("sorry")},
                starts={"en": "x", "es": "x", "zh": "x"},
            ),
            TOPICS,
            SAID,
        ),
        tuple(
            Fault(name, f"leads to {target}, which the line does not have.")
            for name, target in (
                ("goodbye", "person"),
                ("sorry", "languages"),
                ("sorry", "person"),
                ("sorry", "person"),
                ("sorry", "x"),
                ("sorry", "x"),
            )
        ),
    ),
    "a node that nothing leads to": Broken(
        table_rules.every_node_is_reachable,
        on_trial(ATTIC),
        (Fault("attic", "cannot be reached by any caller. Lead to it, or take it out."),),
    ),
    "a node of a reminder that nothing leads to": Broken(
        table_rules.every_node_is_reachable,
        on_trial(with_choices(f"{CALL}/prep/end", PREPARED.choices[0], replace(PREPARED.choices[2], key="2"))),
        tuple(
            Fault(f"{CALL}/check{name}", "cannot be reached by any caller. Lead to it, or take it out.")
            for name in (
                *("", "/eating-again", "/eating-right", "/eating-wrong", "/end"),
                *("/ride", "/ride-again", "/ride-right", "/ride-wrong"),
            )
        ),
    ),
    "a node that goes round for ever": Broken(
        table_rules.every_node_has_a_way_out,
        on_trial(replace(node("person/done"), silence=Move(HERE))),
        (Fault("person/done", "is a trap: a caller who says nothing never comes to the goodbye."),),
    ),
    "a gap between keys": Broken(
        table_rules.keys_ascend_without_gaps,
        on_trial(with_choices(END.id, END.choices[0], END.choices[2])),
        (Fault(END.id, "speaks its keys as 1, 3. They must be 1, 2, 3 without a gap (M1)."),),
    ),
    "keys out of order": Broken(
        table_rules.keys_ascend_without_gaps,
        on_trial(with_choices(END.id, END.choices[1], END.choices[0], END.choices[2])),
        (Fault(END.id, "speaks its keys as 2, 1, 3. They must be 1, 2, 3 without a gap (M1)."),),
    ),
    "zero before the digits": Broken(
        table_rules.keys_ascend_without_gaps,
        on_trial(with_choices(MENU.id, MENU.choices[-1], *MENU.choices[:-1])),
        (Fault(MENU.id, "speaks zero, star or pound before its digits. They come after (M1)."),),
    ),
    "a gap between keys before those that work at any time": Broken(
        table_rules.keys_ascend_without_gaps,
        on_trial(with_choices(END.id, END.choices[0], END.choices[2], OTHER_LANGUAGE)),
        (Fault(END.id, "speaks its keys as 1, 3. They must be 1, 2, 3 without a gap (M1)."),),
    ),
    "an eight of its own beside the one that works at any time": Broken(
        table_rules.keys_ascend_without_gaps,
        on_trial(with_choices(END.id, *END.choices, Choice("8", phrases.END_MENU, Move(MENU.id)))),
        (Fault(END.id, "speaks its keys as 1, 2, 3, 8. They must be 1, 2, 3 without a gap (M1)."),),
    ),
    "a key of two meanings": Broken(
        table_rules.what_is_spoken_is_what_works,
        on_trial(with_choices(END.id, *END.choices, replace(END.choices[0], move=Move(MENU.id)))),
        (Fault(END.id, "gives the key 1 two meanings (M1)."),),
    ),
    "a key that nobody was told of": Broken(
        table_rules.what_is_spoken_is_what_works,
        on_trial(with_keys("person/closed", four=Move("goodbye"))),
        (Fault("person/closed", "takes the key 4, which nobody was told of (M1)."),),
    ),
    "a spoken key that does not work": Broken(
        table_rules.what_is_spoken_is_what_works,
        on_trial(replace(node("callback/saved"), says=(Spoken(phrases.AGAIN, "4"),))),
        (Fault("callback/saved", "speaks the key 4, which does not work there (M1)."),),
    ),
    "a taught key that does not work": Broken(
        table_rules.what_was_taught_works_everywhere,
        on_trial(with_keys(f"{CF}/prep/2", nine=None)),
        (Fault(f"{CF}/prep/2", "does not take the key 9, which was taught to work everywhere (M1)."),),
    ),
    "a clip that cannot be skipped": Broken(
        table_rules.what_was_taught_works_everywhere,
        on_trial(with_keys(f"{CF}/prep/2", pound=None)),
        (Fault(f"{CF}/prep/2", "does not take the key #, which was taught to work everywhere (M1)."),),
    ),
    "first words that offer no person": Broken(
        table_rules.keys_are_taught_where_they_help,
        on_trial(with_choices("welcome", *(choice for choice in node("welcome").choices if choice.key != "0"))),
        (Fault("welcome", TEACHES_NOT.format("0")),),
    ),
    "a menu that offers no person": Broken(
        table_rules.keys_are_taught_where_they_help,
        on_trial(with_choices(MENU.id, *MENU.choices[:-1])),
        (Fault(MENU.id, TEACHES_NOT.format("0")),),
    ),
    "a first section of which nobody hears how to skip it": Broken(
        table_rules.keys_are_taught_where_they_help,
        on_trial(replace(node("lesson/skip"), says=())),
        (Fault("lesson/skip", TEACHES_NOT.format("#")),),
    ),
    "a first clip after which nobody hears how to hear it again": Broken(
        table_rules.keys_are_taught_where_they_help,
        on_trial(with_choices("lesson/again", node("lesson/again").choices[0])),
        (Fault("lesson/again", TEACHES_NOT.format("9")),),
    ),
    "a lesson before the menu": Broken(
        table_rules.keys_are_taught_where_they_help,
        on_trial(replace(node("again"), says=(*node("again").says, Spoken(phrases.OTHER_LANGUAGE, "8")))),
        (Fault("again", "teaches the key 8 before the menu (M12)."),),
    ),
    "a menu of seven": Broken(
        table_rules.menus_are_small,
        on_trial(
            with_choices(MENU.id, *MENU.choices[:-1], Choice("7", phrases.END_AGAIN, Move(HERE)), MENU.choices[-1])
        ),
        (Fault(MENU.id, "has 7 choices. Six are the most that a listener can keep in mind (M2)."),),
    ),
    "a clip behind four choices": Broken(
        table_rules.clips_are_near,
        on_trial(with_choices(END.id, *END.choices, Choice("4", phrases.END_MENU, Move("side"))), SIDE, DEEP),
        (Fault("deep", "is 4 choices away from the first words. Three are the most (M2)."),),
    ),
    "a clip behind four choices in a call of the clinic": Broken(
        table_rules.clips_are_near,
        on_trial(
            with_choices(
                f"{CALL}/menu",
                *CALL_MENU.choices[:2],
                replace(CALL_MENU.choices[2], move=Move(f"{CALL}/confirmed")),
                *CALL_MENU.choices[3:],
            ),
            with_keys(f"{CALL}/appointment", three=Move(f"{CALL}/confirmed")),
            with_choices(f"{CALL}/confirmed", Choice("1", phrases.END_MENU, Move("detour"))),
            replace(node(f"{CALL}/change-saved"), id="detour", choices=(Choice("1", phrases.END_MENU, CALL_NOTICE),)),
        ),
        tuple(
            Fault(f"{CALL}/prep/{number}", "is 4 choices away from the first words. Three are the most (M2).")
            for number in (1, 2, 3, 4)
        ),
    ),
    "a place without a person": Broken(
        table_rules.a_person_is_everywhere,
        on_trial(with_keys(f"{CF}/rights/1", zero=Move("goodbye"))),
        (Fault(f"{CF}/rights/1", "does not lead to a person on zero (M2)."),),
    ),
    "a place that waits for a key and offers none": Broken(
        table_rules.silence_is_answered,
        on_trial(replace(node(f"{CF}/prep/1"), silence=None)),
        (Fault(f"{CF}/prep/1", "waits for a key but offers none (M4)."),),
    ),
    "a silent caller hung up on after four minutes": Broken(
        table_rules.nobody_is_cut_off,
        on_trial(replace(node("waiting-1"), wait=0)),
        (
            Fault("begin", SHORT_WAIT.format(241)),
            Fault("optout", SHORT_WAIT.format(240)),
            *(Fault(f"renewed-{code}", SHORT_WAIT.format(240)) for code in ("en", "es", "zh")),
            *(Fault(f"returning-{code}", SHORT_WAIT.format(240)) for code in ("en", "es", "zh")),
            Fault("welcome", SHORT_WAIT.format(240)),
        ),
    ),
    "a call that begins with other words": Broken(
        table_rules.the_emergency_notice_comes_first,
        on_trial(replace(node("welcome"), says=(Pause(1), Spoken(phrases.WELCOME), Spoken(phrases.EMERGENCY)))),
        (Fault("welcome", "does not begin with the emergency notice (M7)."),),
    ),
    "a call to the number that stops the calls, beginning with other words": Broken(
        table_rules.the_emergency_notice_comes_first,
        on_trial(replace(node("optout"), says=(Pause(1), Spoken(reminder_phrases.OPT_OUT_TITLE)))),
        (Fault("optout", "does not begin with the emergency notice (M7)."),),
    ),
    "a call that begins at once": Broken(
        table_rules.the_emergency_notice_comes_first,
        on_trial(replace(node("returning-zh"), says=(Spoken(phrases.EMERGENCY, language="zh"),))),
        (Fault("returning-zh", "begins without a moment of quiet (M5)."),),
    ),
    "a call that begins with its choices": Broken(
        table_rules.the_emergency_notice_comes_first,
        on_trial(replace(node("welcome"), says=())),
        (
            Fault("welcome", "begins without a moment of quiet (M5)."),
            Fault("welcome", "does not begin with the emergency notice (M7)."),
        ),
    ),
    "a fact taken out of its clip": Broken(
        word_rules.every_fact_is_carried,
        with_topic(with_clips("after", replace(LIFTING, facts=("A4",)), *OTHER_AFTER)),
        (Fault(CF, "No clip of after carries the fact A5: no heavy lifting for about {6} weeks."),),
    ),
    "a fact told in another section": Broken(
        word_rules.every_fact_is_carried,
        with_topic(replace(TOPIC, facts={**TOPIC.facts, "A3": replace(TOPIC.facts["A3"], section="risks")})),
        (Fault(CF, "No clip of risks carries the fact A3: discomfort for up to {3} days is to be expected."),),
    ),
    "the line's own notice without its fact": Broken(
        word_rules.every_fact_is_carried,
        LintInput(LINE, TOPICS, SAID, {**NOTICES, "N3": replace(NOTICES["N2"], id="N3")}),
        (Fault("phrases", f"No phrase carries the notice N3: {NOTICES['N2'].says}."),),
    ),
    "a clip without a fact": Broken(
        word_rules.every_clip_names_its_facts,
        with_topic(with_clips("after", LIFTING, *OTHER_AFTER, Prompt(f"{CF}.after.extra", "You may sing."))),
        (Fault(f"{CF}.after.extra", "names no fact. Name those that it carries, or take it out."),),
    ),
    "words that are not translated": Broken(
        word_rules.everything_has_words,
        unspoken("zh", "menu.title"),
        (Fault("zh menu.title", "has no words: menu.title is not translated into zh."),),
    ),
    "an offer that begins with its key": Broken(
        word_rules.the_key_comes_last,
        on_trial(
            with_choices(
                END.id, *END.choices[:2], replace(END.choices[2], prompt=Prompt("end.menu", "Press {key} to go back."))
            )
        ),
        (Fault("end.menu", 'does not end in "press {key}.": Press {key} to go back. (M1)'),),
    ),
    "English above grade six": Broken(
        word_rules.english_is_easy,
        said_as(LONG_WORDS, at=f"{CF}.rights."),
        (Fault(f"{CF}.rights", "reads at grade 48.5. Use shorter words and sentences: six is the most (M6)."),),
    ),
    "English in long sentences": Broken(
        word_rules.english_is_easy,
        said_as(SIXTEEN, at=f"{CF}.rights."),
        (Fault(f"{CF}.rights", "has 16.0 words a sentence. Fifteen are the most (M6)."),),
    ),
    "a clip that is too long": Broken(
        word_rules.clips_are_short,
        lasting(25.04, "es", f"{CF}.prep.fasting"),
        (Fault(f"es {CF}.prep.fasting", "lasts 25.0 s. Split it: 25 s are the most."),),
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_is_told_exactly_what_is_wrong(broken: Broken) -> None:
    assert tuple(sorted(run_checks(broken.case))) == broken.faults


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_the_check_of_that_rule_sees_it_alone(broken: Broken) -> None:
    assert tuple(sorted(broken.check(broken.case))) == broken.faults


def test_keys_that_mean_the_same_at_any_time_are_not_counted_among_the_choices_of_a_menu() -> None:
    again = (OTHER_LANGUAGE, Choice("9", phrases.AGAIN, Move(HERE)))
    crowded = on_trial(with_choices(MENU.id, *MENU.choices[:-1], *again, MENU.choices[-1]))
    assert lint(crowded.line, TOPICS, SAID) == []


def test_the_gate_of_a_reminder_may_leave_out_two_and_three_and_no_other_node_may() -> None:
    gate = node(f"{CALL}/gate")
    assert [choice.key for choice in gate.choices] == [*"14580"]
    elsewhere = on_trial(replace(gate, id="elsewhere"), with_keys("sorry", four=Move("elsewhere")))
    assert list(table_rules.keys_ascend_without_gaps(elsewhere)) == [
        Fault("elsewhere", "speaks its keys as 1, 4, 5. They must be 1, 2, 3 without a gap (M1).")
    ]


def test_an_answer_is_not_told_before_it_is_asked_for_but_every_other_key_is() -> None:
    asked = node(f"{CALL}/check")
    told = replace(asked, act=Act.LISTEN)
    assert list(table_rules.what_is_spoken_is_what_works(on_trial(asked))) == []
    assert list(table_rules.what_is_spoken_is_what_works(on_trial(told))) == [
        Fault(asked.id, "takes the key 6, which nobody was told of (M1).")
    ]


def test_every_check_has_a_line_that_breaks_it() -> None:
    assert {broken.check for broken in BROKEN.values()} == {*CHECKS, table_rules.every_move_leads_somewhere}


def test_every_check_of_the_module_is_run() -> None:
    public = {
        value
        for room in (table_rules, word_rules, time_rules)
        for name, value in vars(room).items()
        if callable(value)
        and not isinstance(value, type)
        and getattr(value, "__annotations__", {}).get("lint_input") is LintInput
        and not name.startswith(("_", "find_"))
    }
    assert public == {*CHECKS, *TIME_CHECKS, table_rules.every_move_leads_somewhere}


def test_moves_are_mended_before_anything_else_is_said() -> None:
    broken = on_trial(with_keys(f"{CF}/prep/1", pound=Move("nowhere"), nine=None))
    assert lint(broken.line, TOPICS, SAID) == [Fault(f"{CF}/prep/1", "leads to nowhere, which the line does not have.")]


@pytest.mark.parametrize(
    "topic_clip", [clip for part in TOPIC.sections for clip in part.clips], ids=lambda clip: clip.id
)
def test_no_clip_may_lose_a_fact(topic_clip: Prompt) -> None:
    section = topic_clip.id.split(".")[1]
    for lost in topic_clip.facts:
        clips = TOPIC.section(section).clips
        poorer = [without_fact(clip, lost) if clip == topic_clip else clip for clip in clips]
        alone = carriers(section, lost) == [topic_clip.id]
        assert lint(LINE, (with_clips(section, *poorer),), SAID) == ([no_carrier(section, lost)] if alone else [])
        none_left = [without_fact(clip, lost) for clip in clips]
        assert lint(LINE, (with_clips(section, *none_left),), SAID) == [no_carrier(section, lost)]


def without_fact(clip: Prompt, lost: str) -> Prompt:
    """The clip as one that carries the fact no more."""
    if lost not in clip.facts:
        return clip
    return replace(clip, facts=tuple(fact for fact in clip.facts if fact != lost) or ("another",))


def carriers(section: str, fact: str) -> list[str]:
    return [clip.id for clip in TOPIC.section(section).clips if fact in clip.facts]


def no_carrier(section: str, fact: str) -> Fault:
    return Fault(CF, f"No clip of {section} carries the fact {fact}: {TOPIC.facts[fact].says}.")


def test_only_what_the_procedures_are_for_and_how_one_is_kept_free_of_pain_are_told_in_two_clips() -> None:
    """Lint sees a fact go only when its last clip loses it, so a fact that several clips share is named here."""
    shared = {
        (part.id, fact): carriers(part.id, fact)
        for part in TOPIC.sections
        for clip in part.clips
        for fact in clip.facts
        if len(carriers(part.id, fact)) > 1
    }
    assert shared == {
        ("overview", "O1"): [f"{CF}.overview.what", f"{CF}.overview.cause"],
        ("during", "D1"): [f"{CF}.during.anesthesia", f"{CF}.during.asleep"],
    }


def test_two_phrases_carry_the_notices_and_the_two_questions_are_about_one_fact_each() -> None:
    assert {name: prompt.facts for name, prompt in phrases.PHRASES.items() if prompt.facts} == {
        "emergency": ("E1",),
        "notice": ("N1", "N2"),
    }
    assert {question.id: question.prompt.facts for question in TOPIC.questions} == {"eating": ("P3",), "ride": ("P5",)}


@pytest.mark.parametrize("question", TOPIC.questions, ids=lambda question: question.id)
def test_what_is_asked_after_the_preparation_is_carried_by_a_clip_of_it(question: Question) -> None:
    assert [len(carriers("prep", fact)) for fact in question.prompt.facts] == [1]


# --- Languages that are not fit to be open ---------------------------------------------------------------------------


def unfit(lint_input: LintInput) -> dict[UnfitTopic, Fault]:
    return find_unfit_topics(lint_input)


def test_where_every_language_says_all_in_time_none_is_unfit() -> None:
    assert unfit(LintInput(LINE, TOPICS, SAID)) == {}
    assert unfit(lasting(25.0, "es", f"{CF}.prep.fasting")) == {}


@pytest.mark.parametrize("code", ["en", "es", "zh"])
def test_a_language_without_words_is_unfit_and_harms_no_other(code: str) -> None:
    assert unfit(unspoken(code, "menu.title")) == {
        UnfitTopic(code, ""): Fault(f"{code} menu.title", f"has no words: menu.title is not translated into {code}.")
    }


@pytest.mark.parametrize("code", ["en", "es", "zh"])
def test_a_language_that_is_too_slow_is_unfit_and_harms_no_other(code: str) -> None:
    assert unfit(lasting(25.04, code, f"{CF}.prep.fasting")) == {
        UnfitTopic(code, CF): Fault(f"{code} {CF}.prep.fasting", "lasts 25.0 s. Split it: 25 s are the most.")
    }


def test_words_that_only_callers_of_no_listed_language_hear_count_too() -> None:
    assert unfit(unspoken("es", "unlisted.title")) == {
        UnfitTopic("es", ""): Fault("es unlisted.title", "has no words: unlisted.title is not translated into es.")
    }
    assert unfit(lasting(26.0, "zh", "unlisted.offer.1")) == {
        UnfitTopic("zh", ""): Fault("zh unlisted.offer.1", "lasts 26.0 s. Split it: 25 s are the most.")
    }


def test_each_unfit_language_is_named_once_with_missing_words_before_slow_ones() -> None:
    def spoken(code: str, utterance: Utterance) -> str:
        if code == "zh" and utterance.prompt == "goodbye":
            raise KeyError("goodbye is not translated into zh")
        return english(code, utterance)

    def measured(code: str, utterance: Utterance) -> float | None:
        return 30.0 if code != "en" and utterance.prompt in ("emergency", "menu.title") else None

    assert unfit(LintInput(LINE, TOPICS, Evidence(spoken, measured))) == {
        UnfitTopic("es", ""): Fault("es emergency", "lasts 30.0 s. Split it: 25 s are the most."),
        UnfitTopic("zh", ""): Fault("zh goodbye", "has no words: goodbye is not translated into zh."),
    }


@pytest.mark.parametrize("code", ALL_LANGUAGES)
def test_without_its_unfit_language_a_line_of_all_languages_keeps_every_rule(code: str) -> None:
    def spoken(language: str, utterance: Utterance) -> str:
        if (language, utterance.prompt) == (code, "retry.wrong"):
            raise KeyError(f"retry.wrong is not translated into {code}")
        return english(language, utterance)

    evidence = Evidence(spoken, one_second)
    assert list(find_unfit_topics(LintInput(MANY, TOPICS, evidence))) == [UnfitTopic(code, "")]
    rest = tuple(each for each in ALL_LANGUAGES if each != code)
    assert lint(build_line(TOPICS, Plan(rest, rest[:3])), TOPICS, evidence) == []


# --- How hard English is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "grade", "length"),
    [
        (["The cat sat on the mat."], 0.39 * 6 + 11.8 * 6 / 6 - 15.59, 6),
        (["The cat sat.", "It was on the mat."], 0.39 * 4 + 11.8 * 8 / 8 - 15.59, 4),
        (["Cement may leak into the spinal canal."], 0.39 * 7 + 11.8 * 11 / 7 - 15.59, 7),
        (["In a vertebroplasty, you sleep."], 0.39 * 4 + 11.8 * 4 / 4 - 15.59, 4),
        (["Wait! Is it safe? It is."], 0.39 * 2 + 11.8 * 6 / 6 - 15.59, 2),
        ([], 0, 0),
        (["Kyphoplasty."], 0, 0),
    ],
)
def test_the_grade_is_that_of_flesch_and_kincaid_without_the_names_of_the_procedures(
    texts: list[str], grade: float, length: float
) -> None:
    assert measure_grade(texts, TOPIC.names) == pytest.approx(grade)
    assert measure_sentence_length(texts, TOPIC.names) == pytest.approx(length)


def test_the_lines_own_phrases_are_easy_for_callers() -> None:
    inside = (*phrases.FRAGMENTS, *phrases.DIGITS)
    own = [prompt.text for prompt in phrases.PHRASES.values() if prompt.audience is Audience.CALLER]
    spoken = [text for text in own if text not in {prompt.text for prompt in inside}]
    assert len(spoken) > 30
    assert measure_grade(spoken) <= 6
    assert measure_sentence_length(spoken) <= 15


def test_a_word_that_the_dictionary_lacks_is_counted_by_its_groups_of_vowels() -> None:
    assert measure_grade(["Blorvaking."]) == pytest.approx(0.39 + 11.8 * 3 - 15.59)


def test_sentences_and_words_are_told_apart() -> None:
    assert split_sentences("Don't eat. Drink 3.5 cups? No!") == ["Don't eat", "Drink 3.5 cups", "No"]
    assert split_words("Don't eat 3 cups, in a Kyphoplasty.", TOPIC.names) == ["don't", "eat", "cups", "in", "a"]
