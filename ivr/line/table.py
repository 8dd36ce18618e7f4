"""The call flow, all of it: one table of nodes, made from the topics and the open languages.

Read it from top to bottom as a call goes: the first words, hello, the menu, the sections clip by clip, what comes after
a section, a person, calling back, and goodbye. `flask line map` prints the result; `lint.py` proves its rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ivr.line import phrases as say
from ivr.line.nodes import (
    BETWEEN_CLIPS,
    ORIGIN,
    RELAY_PAUSE,
    UNLISTED,
    WAITING,
    Act,
    Choice,
    Clip,
    Line,
    Move,
    Node,
    Number,
    Pause,
    Spoken,
    taught,
)
from ivr.line.reminder import reminder_nodes
from ivr.line.topics import Section, Topic

LANGUAGES_PER_PAGE = 6
"""RULES M2: six choices at most in a menu, so seven stays "slower" everywhere."""
PATIENCE = (60, 60, 60, 60, 60)
"""Seconds of each last wait before goodbye. RULES M5: nobody is cut off within five minutes; lint adds them up."""


@dataclass(frozen=True)
class Plan:
    """What a clinic decides about its line. `languages` and `opening` are codes, in the order of the offer.

    `unreviewed` are the languages whose callers are told that a computer translated the words (RULES L2). `fixed` maps
    a number (E.164) to the language it answers in; `opt_out` is the number that ends reminder calls. `fasting` is in
    hours: what the question after the preparation is answered with.
    """

    languages: tuple[str, ...]
    opening: tuple[str, ...]
    unreviewed: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    opt_out: str = ""
    fasting: int = 6


def build_line(topics: Sequence[Topic], plan: Plan) -> Line:
    """The line that speaks these topics under this plan. It is not checked here: see `lint.py`."""
    many = len(topics) > 1
    content = [
        *(_procedures(topics) if many else ()),
        *(node for topic in topics for node in _topic(topic, many=many)),
    ]
    nodes = [
        *_first_words(plan),
        *_hello(plan, start=content[0]),
        *content,
        *_person(),
        *_call_back(),
        *reminder_nodes(topics, plan.languages, plan.opening, plan.unreviewed, plan.fasting),
        *_leaving(),
    ]
    table = {node.id: node for node in nodes}
    return Line(table, plan.languages, plan.opening, content[0].id, dict(plan.fixed), plan.opt_out)


# --- The first words, and the menu of languages ----------------------------------------------------------------------


def _first_words(plan: Plan) -> Iterator[Node]:
    emergency = [Spoken(say.EMERGENCY, language=code) for code in plan.opening]
    yield from _language_pages(plan, "welcome", (Pause(RELAY_PAUSE), *emergency), {})
    yield from _language_pages(plan, "languages", (), taught(back=ORIGIN))
    yield _unlisted(plan)
    for code in plan.languages:
        yield _returning(code, plan)


def _language_pages(
    plan: Plan, name: str, says: tuple[Spoken | Pause, ...], silent: Mapping[str, Move]
) -> Iterator[Node]:
    offered = (*plan.languages, UNLISTED)
    pages = [offered[at : at + LANGUAGES_PER_PAGE] for at in range(0, len(offered), LANGUAGES_PER_PAGE)]
    for number, codes in enumerate(pages, 1):
        choices = [choice for key, code in enumerate(codes, 1) for choice in _language_choices(key, code, plan)]
        if len(pages) > 1:
            following = Move(_page_id(name, number % len(pages) + 1))
            choices += [Choice("#", say.LANGUAGE_MORE, following, code) for code in plan.opening]
        choices += [Choice("0", say.PERSON, Move("person", leave=True), code) for code in plan.opening]
        first = says if number == 1 else ()
        yield Node(_page_id(name, number), first, tuple(choices), silent, place=name == "welcome")


def _page_id(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _language_choices(key: int, code: str, plan: Plan) -> Iterator[Choice]:
    if code == UNLISTED:
        yield from (Choice(str(key), say.UNLISTED, Move(UNLISTED), opening) for opening in plan.opening)
    else:
        heard = code in plan.opening
        yield Choice(str(key), say.LANGUAGE, Move("hello" if heard else "begin", code), code)


def _unlisted(plan: Plan) -> Node:
    """Nothing that we say is in their language, so it is short: one key to be called back with an interpreter."""
    says = tuple(Spoken(say.UNLISTED_TITLE, language=code) for code in plan.opening)
    call_back = Move("callback/number", leave=True)
    choices = [Choice("1", say.UNLISTED_OFFER, call_back, code) for code in plan.opening]
    choices += [Choice("0", say.PERSON, Move("person", leave=True), code) for code in plan.opening]
    return Node(UNLISTED, says, tuple(choices), taught(back="languages"), place=True)


def _returning(code: str, plan: Plan) -> Node:
    others = [Choice("2", say.OTHER_LANGUAGE, Move("welcome"), other) for other in dict.fromkeys((code, *plan.opening))]
    choices = (
        Choice("1", say.LANGUAGE_SAME, Move("hello"), code),
        *others,
        Choice("0", say.PERSON, Move("person", leave=True), code),
    )
    says = (Pause(RELAY_PAUSE), Spoken(say.EMERGENCY, language=code))
    return Node(f"returning-{code}", says, choices, silence=Move("welcome"))


# --- Hello, and the keys that work at any time -----------------------------------------------------------------------


def _hello(plan: Plan, start: Node) -> Iterator[Node]:
    says = (
        Spoken(say.WELCOME),
        Spoken(say.SKIP, "#"),
        Spoken(say.NOTICE),
        Spoken(say.ASK),
        Spoken(say.UNREVIEWED, "0", only=plan.unreviewed),
        Spoken(say.KEYS_TITLE),
    )
    onward = Move(ORIGIN)
    silent = {"#": onward, **_dialed_ahead(start)}
    yield Node("hello", says, _guide(back="languages"), silent, silence=onward, wait=BETWEEN_CLIPS)
    first = (Pause(RELAY_PAUSE), Spoken(say.EMERGENCY))
    yield Node("begin", (*first, *says), _guide(back="languages"), silent, silence=onward, wait=BETWEEN_CLIPS)


def _dialed_ahead(start: Node) -> dict[str, Move]:
    """Whoever has called before need not wait for the menu: its choices work during the hello."""
    return {choice.key: choice.move for choice in start.choices if choice.key in "123456"}


def _guide(*, back: str) -> tuple[Choice, ...]:
    """The keys that work at any time, as they are taught (RULES M1: keys ascend; signs after digits).

    Skipping is taught before them, so that nobody has to sit through the rest.
    """
    prompts = {"7": say.SLOWER, "8": say.OTHER_LANGUAGE, "9": say.AGAIN, "0": say.PERSON, "*": say.BACK}
    moves = taught(back=back)
    return tuple(Choice(key, prompt, moves[key]) for key, prompt in prompts.items())


# --- Menus -----------------------------------------------------------------------------------------------------------


def _procedures(topics: Sequence[Topic]) -> Iterator[Node]:
    choices = [Choice(str(key), topic.choice, Move(_menu_id(topic))) for key, topic in enumerate(topics, 1)]
    title = (Spoken(say.PROCEDURES_TITLE),)
    yield Node("procedures", title, (*choices, _person_choice()), taught(back="languages"), place=True)


def _menu_id(topic: Topic) -> str:
    return f"{topic.id}/menu"


def _person_choice() -> Choice:
    return Choice("0", say.PERSON, Move("person", leave=True))


def _topic(topic: Topic, *, many: bool) -> Iterator[Node]:
    offered = [section for section in topic.sections if section.choice]
    yield _menu(topic, offered, back="procedures" if many else "languages")
    for section, following in _with_next(offered):
        yield from _section(topic, section, following)
    yield from _everything(topic)


def _menu(topic: Topic, offered: Iterable[Section], back: str) -> Node:
    choices = [Choice("1", say.MENU_ALL, Move(f"{topic.id}/all/{topic.sections[0].id}/1"))]
    for key, section in enumerate(offered, 2):
        choices.append(_section_choice(topic, section, str(key)))
    title = (Spoken(say.MENU_TITLE),)
    return Node(_menu_id(topic), title, (*choices, _person_choice()), taught(back=back), place=True)


def _section_choice(topic: Topic, section: Section, key: str) -> Choice:
    if section.choice is None:
        raise ValueError(f"{section.id} is only heard where everything begins, so nothing offers it")
    return Choice(key, section.choice, Move(f"{topic.id}/{section.id}/1"))


def _with_next(sections: Sequence[Section]) -> Iterator[tuple[Section, Section | None]]:
    yield from pairwise(sections)
    yield sections[-1], None


# --- Sections, clip by clip ------------------------------------------------------------------------------------------


def _section(topic: Topic, section: Section, following: Section | None) -> Iterator[Node]:
    path = f"{topic.id}/{section.id}"
    yield from _clips(topic, section, path, after=f"{path}/end")
    choices = [Choice("1", say.END_AGAIN, Move(f"{path}/1"))]
    if following:
        choices.append(_section_choice(topic, following, "2"))
    choices.append(Choice(str(len(choices) + 1), say.END_MENU, Move(_menu_id(topic))))
    silent = taught(back=_menu_id(topic), skip=f"{topic.id}/{following.id}/1" if following else _menu_id(topic))
    says = (Spoken(say.END_TITLE), Spoken(topic.reviewed), Spoken(say.END_HANG_UP))
    yield Node(f"{path}/end", says, tuple(choices), silent, gives_up=WAITING, place=True, title=section.title)


def _everything(topic: Topic) -> Iterator[Node]:
    end = f"{topic.id}/all/end"
    starts = [f"{topic.id}/all/{section.id}/1" for section in topic.sections]
    for section, after in zip(topic.sections, [*starts[1:], end], strict=True):
        yield from _clips(topic, section, f"{topic.id}/all/{section.id}", after)
    choices = (
        Choice("1", say.END_ALL_AGAIN, Move(starts[0])),
        Choice("2", say.END_MENU, Move(_menu_id(topic))),
        _person_choice(),
    )
    silent = taught(back=_menu_id(topic), skip=_menu_id(topic))
    says = (Spoken(say.END_ALL_TITLE), Spoken(topic.reviewed), Spoken(say.END_HANG_UP))
    yield Node(end, says, choices, silent, gives_up=WAITING, place=True)


def _clips(topic: Topic, section: Section, path: str, after: str) -> Iterator[Node]:
    for number, prompt in enumerate(section.clips, 1):
        onward = f"{path}/{number + 1}" if number < len(section.clips) else after
        title = (Spoken(section.title),) if number == 1 else ()
        yield Node(
            f"{path}/{number}",
            (*title, Spoken(prompt)),
            silent=taught(back=_menu_id(topic), skip=onward),
            silence=Move(onward),
            wait=BETWEEN_CLIPS,
            clip=Clip(topic.id, section.id, number),
            place=True,
            title=section.title,
        )


# --- A person, and calling back --------------------------------------------------------------------------------------


def _person() -> Iterator[Node]:
    yield Node("person", (Spoken(say.PERSON_WAIT),), act=Act.CONNECT, silence=Move("person/away"))
    for name, prompt in {"closed": say.PERSON_CLOSED, "away": say.PERSON_AWAY, "unset": say.PERSON_UNSET}.items():
        choices = (
            Choice("1", say.CALL_BACK, Move("callback/number")),
            Choice("2", say.CALL_BACK_RETURN, Move(ORIGIN)),
        )
        yield Node(f"person/{name}", (Spoken(prompt),), choices, taught(back=ORIGIN), gives_up=WAITING)
    done = (Spoken(say.PERSON_DONE),)
    yield Node("person/done", done, silent=taught(back=ORIGIN), silence=Move(ORIGIN), wait=BETWEEN_CLIPS)


def _call_back() -> Iterator[Node]:
    silent = taught(back=ORIGIN)
    right = Choice("1", say.CALL_BACK_RIGHT, Move("callback/save"))
    other = Choice("2", say.CALL_BACK_OTHER, Move("callback/enter"))
    back = Choice("1", say.CALL_BACK_RETURN, Move(ORIGIN))
    number = (Spoken(say.CALL_BACK_NUMBER), Number.CALLER)
    yield Node("callback/number", number, (right, other), silent, gives_up=WAITING, act=Act.CONFIRM)
    enter = (Choice("#", say.CALL_BACK_ENTER, Move("callback/number")),)
    yield Node("callback/enter", (), enter, _whole_number_keys(), gives_up=WAITING, act=Act.KEY_IN, wait=10)
    yield Node("callback/save", act=Act.SAVE, silence=Move("callback/saved"))
    yield Node("callback/saved", (Spoken(say.CALL_BACK_SAVED), Number.CALLER), (back,), silent, gives_up=WAITING)
    again = (Choice("1", say.CALL_BACK, Move("callback/save")), Choice("2", say.CALL_BACK_RETURN, Move(ORIGIN)))
    failed = (Spoken(say.CALL_BACK_FAILED), Number.CLINIC)
    yield Node("callback/failed", failed, again, silent, gives_up=WAITING)


def _whole_number_keys() -> dict[str, Move]:
    """While a number is keyed in, digits are the number: only a lone zero and a lone star keep their meaning."""
    anywhere = taught(back=ORIGIN)
    return {"0": anywhere["0"], "*": anywhere["*"]}


# --- Leaving ---------------------------------------------------------------------------------------------------------


def _leaving() -> Iterator[Node]:
    for number, seconds in enumerate(PATIENCE, 1):
        following = f"waiting-{number + 1}" if number < len(PATIENCE) else "goodbye"
        yield Node(
            f"waiting-{number}",
            (Spoken(say.WAITING),),
            (Choice("1", say.WAITING_GO_ON, Move(ORIGIN)), _person_choice()),
            taught(back=ORIGIN),
            silence=Move(following),
            wait=seconds,
        )
    yield Node("goodbye", (Spoken(say.GOODBYE),), act=Act.HANG_UP)
    yield Node("sorry", (Spoken(say.SORRY),), silent=taught(back=ORIGIN), silence=Move(ORIGIN), wait=BETWEEN_CLIPS)
