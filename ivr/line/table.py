"""The call flow, all of it: one table of nodes, made from the topics and the open languages.

Read it from top to bottom as a call goes: the first words, hello, the menus and sections (`menus.py`), a person,
calling back, the calls that the clinic makes (`reminder.py`), and goodbye. `flask line map` prints the result;
`lint.py` proves its rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ivr.line import phrases as say
from ivr.line.menus import make_menus, make_person_choice
from ivr.line.nodes import (
    AHEAD,
    BEFORE_MENU,
    BETWEEN_CLIPS,
    HERE,
    ONWARD,
    ORIGIN,
    RELAY_PAUSE,
    START,
    UNLISTED,
    WAITING,
    Act,
    Choice,
    Item,
    Line,
    Move,
    Node,
    Number,
    Pause,
    Spoken,
    Told,
    list_ahead_keys,
    make_common_keys,
)
from ivr.line.plan import Offer, Plan, list_offers
from ivr.line.prompts import Prompt
from ivr.line.reminder import make_reminders
from ivr.line.topics import Topic

__all__ = ["LANGUAGES_PER_PAGE", "Plan", "build_line"]

LANGUAGES_PER_PAGE = 6
"""RULES M2: six choices at most in a menu, so seven stays "slower" everywhere."""
PAGE_WAIT = 4
"""Seconds for a key after a page of languages: the next one follows by itself, and its first moment counts too."""
FIRST_WORDS = "welcome"
PATIENCE = (60, 60, 60, 60, 60)
"""Seconds of each last wait before goodbye. RULES M5: nobody is cut off within five minutes; lint adds them up."""


def build_line(topics: Sequence[Topic], plan: Plan) -> Line:
    """The line that speaks these topics under this plan. It is not checked here: see `lint.py`.

    Raises ValueError for a language in which no topic is open.
    """
    offers = list_offers(topics, plan)
    content = {node.id: node for node in make_menus(offers)}
    nodes = [
        *_make_first_words(plan),
        *_make_hello(plan, offers, [content[offer.start] for offer in offers]),
        *_make_first_lessons(plan),
        *content.values(),
        *_make_person(),
        *_make_call_back(),
        *make_reminders(topics, plan),
        *_make_leaving(),
    ]
    return Line(
        nodes={node.id: node for node in nodes},
        languages=plan.languages,
        opening=plan.opening,
        starts={code: offer.start for offer in offers for code in offer.languages},
        whispers=_list_whispers(offers),
        fixed=dict(plan.fixed),
        opt_out=plan.opt_out,
    )


def _list_whispers(offers: Iterable[Offer]) -> dict[str, Prompt]:
    own = {topic.id: topic.whisper for offer in offers for topic in offer.topics}
    return {"": next(iter(own.values())) if len(own) == 1 else say.WHISPER, **own}


# --- The first words, and the menu of languages ----------------------------------------------------------------------


def _make_first_words(plan: Plan) -> Iterator[Node]:
    emergency = Spoken(say.EMERGENCY, language=plan.opening[0])
    yield from _make_language_pages(plan, FIRST_WORDS, (Pause(RELAY_PAUSE), emergency), {})
    yield from _make_language_pages(plan, "languages", (), make_common_keys(back=ORIGIN))
    yield _make_unlisted(plan)
    for code in plan.languages:
        yield _make_returning(f"returning-{code}", code, plan, Move("again"))
        yield _make_returning(f"renewed-{code}", code, plan, Move("changed"))


def _make_language_pages(
    plan: Plan, name: str, says: tuple[Spoken | Pause, ...], silent: Mapping[str, Move]
) -> Iterator[Node]:
    """Each language in itself, and at the end of the first page who helps; silence leads on by itself (RULES M10)."""
    offered = (*plan.languages, UNLISTED)
    pages = [offered[at : at + LANGUAGES_PER_PAGE] for at in range(0, len(offered), LANGUAGES_PER_PAGE)]
    for number, codes in enumerate(pages, 1):
        heard = plan.opening[0] if name == FIRST_WORDS else ""
        choices = [
            choice for key, code in enumerate(codes, 1) for choice in _make_language_choices(key, code, plan, heard)
        ]
        if number == 1:
            choices += [Choice("0", say.PERSON, Move("person", leave=True), code) for code in plan.opening]
        following = _name_page(name, number % len(pages) + 1)
        more = {"#": Move(following)} if len(pages) > 1 else {}
        yield Node(
            id=_name_page(name, number),
            says=says if number == 1 else (),
            choices=tuple(choices),
            silent={"0": Move("person", leave=True), **silent, **more},
            wait=PAGE_WAIT if number < len(pages) else 0,
            place=name == FIRST_WORDS,
            next_page=following if len(pages) > 1 else "",
            page_before=_name_page(name, number - 1) if number > 1 else "",
        )


def _name_page(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _make_language_choices(key: int, code: str, plan: Plan, heard: str) -> Iterator[Choice]:
    """`heard` is the language in which the emergency notice was just said, "" for none (RULES M7)."""
    if code == UNLISTED:
        yield from (Choice(str(key), say.UNLISTED, Move(UNLISTED), opening) for opening in plan.opening)
    else:
        yield Choice(str(key), say.LANGUAGE, Move("hello" if code == heard else "begin", code), code)


def _make_unlisted(plan: Plan) -> Node:
    """Nothing that we say is in their language, so it is short: one key to be called back with an interpreter."""
    says = tuple(Spoken(say.UNLISTED_TITLE, language=code) for code in plan.opening)
    call_back = Move("callback/number", leave=True)
    choices = [Choice("1", say.UNLISTED_OFFER, call_back, code) for code in plan.opening]
    choices += [Choice("0", say.PERSON, Move("person", leave=True), code) for code in plan.opening]
    return Node(UNLISTED, says, tuple(choices), make_common_keys(back="languages"), place=True)


def _make_returning(name: str, code: str, plan: Plan, onward: Move) -> Node:
    """For somebody who has called before: their language, and a short greeting; # skips that too."""
    others = [Choice("2", say.OTHER_LANGUAGE, Move("welcome"), other) for other in dict.fromkeys((code, *plan.opening))]
    choices = (
        Choice("1", say.LANGUAGE_SAME, onward, code),
        *others,
        Choice("0", say.PERSON, Move("person", leave=True), code),
    )
    says = (Pause(RELAY_PAUSE), Spoken(say.EMERGENCY, language=code))
    return Node(name, says, choices, {"#": Move(ORIGIN)}, silence=Move("welcome"))


# --- Hello, and what is told once in a call -------------------------------------------------------------------------


def _make_hello(plan: Plan, offers: Sequence[Offer], starts: Sequence[Node]) -> Iterator[Node]:
    """Who we are, in as few words as can be; the menu follows by itself."""
    welcome = (*_make_welcomes(offers), Spoken(say.UNREVIEWED, only=plan.unreviewed))
    first = (Pause(RELAY_PAUSE), Spoken(say.EMERGENCY))
    again = (Spoken(say.WELCOME_BACK),)
    greetings: dict[str, tuple[Item, ...]] = {
        "hello": welcome,
        "begin": (*first, *welcome),
        "again": again,
        "changed": (*again, Spoken(say.CHANGED)),
    }
    silent = {**make_common_keys(back="languages", skip=ORIGIN), **_join_ahead_keys(starts)}
    for name, says in greetings.items():
        yield Node(name, says, silent=silent, silence=Move(ORIGIN), wait=BEFORE_MENU)


def _make_first_lessons(plan: Plan) -> Iterator[Node]:
    """What is told before the first section, and after its first clip: the notice (N1, N2), and the keys that help.

    That a computer translated the words (L2) is said there again: a key may have cut the hello short, and whoever was
    here before hears none.
    """
    keys = make_common_keys(back=START)
    notice = (Spoken(say.UNREVIEWED, only=plan.unreviewed), Spoken(say.NOTICE))
    yield Node(
        "notice",
        notice,
        silent={**keys, "#": Move(HERE)},  # it must be heard
        silence=Move("lesson/skip"),
        wait=BEFORE_MENU,
        tells=Told.NOTICE,
    )
    yield Node(
        "lesson/skip",
        (Spoken(say.SKIP, "#"),),
        silent={**keys, "#": Move(ORIGIN)},
        silence=Move(ORIGIN),
        wait=BEFORE_MENU,
    )
    choices = (
        Choice("7", say.SLOWER, Move(ORIGIN, toggle_pace=True)),
        Choice("9", say.AGAIN, Move(ORIGIN)),
    )
    yield Node(
        "lesson/again",
        choices=choices,
        silent={**keys, "#": Move(ONWARD)},
        silence=Move(ONWARD),
        wait=BETWEEN_CLIPS,
    )


def _make_welcomes(offers: Sequence[Offer]) -> Iterator[Spoken]:
    """A language with one topic is welcomed in its words; one with several in words that name none of them."""
    languages: dict[Prompt, frozenset[str]] = {}
    for offer in offers:
        prompt = offer.topics[0].welcome if len(offer.topics) == 1 else say.WELCOME
        languages[prompt] = languages.get(prompt, frozenset()) | frozenset(offer.languages)
    for prompt, codes in languages.items():
        yield Spoken(prompt, only=codes if len(languages) > 1 else None)


def _join_ahead_keys(starts: Sequence[Node]) -> dict[str, Move]:
    """The choices of every start; where those of two languages differ, the caller's own decides."""
    keys = [list_ahead_keys(start) for start in starts]
    joined = {key: move for ahead in keys for key, move in ahead.items()}
    return {key: move if all(ahead.get(key) == move for ahead in keys) else Move(AHEAD) for key, move in joined.items()}


# --- A person, and calling back --------------------------------------------------------------------------------------


def _make_person() -> Iterator[Node]:
    yield Node("person", (Spoken(say.PERSON_WAIT),), act=Act.CONNECT, silence=Move("person/away"))
    for name, prompt in {"closed": say.PERSON_CLOSED, "away": say.PERSON_AWAY, "unset": say.PERSON_UNSET}.items():
        choices = (
            Choice("1", say.CALL_BACK, Move("callback/number")),
            Choice("2", say.CALL_BACK_RETURN, Move(ORIGIN)),
        )
        yield Node(f"person/{name}", (Spoken(prompt),), choices, make_common_keys(back=ORIGIN), gives_up=WAITING)
    done = (Spoken(say.PERSON_DONE),)
    yield Node("person/done", done, silent=make_common_keys(back=ORIGIN), silence=Move(ORIGIN), wait=BETWEEN_CLIPS)


def _make_call_back() -> Iterator[Node]:
    silent = make_common_keys(back=ORIGIN)
    right = Choice("1", say.CALL_BACK_RIGHT, Move("callback/save"))
    other = Choice("2", say.CALL_BACK_OTHER, Move("callback/enter"))
    back = Choice("1", say.CALL_BACK_RETURN, Move(ORIGIN))
    number = (Spoken(say.CALL_BACK_NUMBER), Number.CALLER)
    yield Node("callback/number", number, (right, other), silent, gives_up=WAITING, act=Act.CONFIRM)
    enter = (Choice("#", say.CALL_BACK_ENTER, Move("callback/number")),)
    yield Node("callback/enter", (), enter, _make_whole_number_keys(), gives_up=WAITING, act=Act.KEY_IN, wait=10)
    yield Node("callback/save", act=Act.SAVE, silence=Move("callback/saved"))
    yield Node("callback/saved", (Spoken(say.CALL_BACK_SAVED), Number.CALLER), (back,), silent, gives_up=WAITING)
    again = (Choice("1", say.CALL_BACK, Move("callback/save")), Choice("2", say.CALL_BACK_RETURN, Move(ORIGIN)))
    failed = (Spoken(say.CALL_BACK_FAILED), Number.CLINIC)
    yield Node("callback/failed", failed, again, silent, gives_up=WAITING)


def _make_whole_number_keys() -> dict[str, Move]:
    """While a number is keyed in, digits are the number: only a lone zero and a lone star keep their meaning."""
    anywhere = make_common_keys(back=ORIGIN)
    return {"0": anywhere["0"], "*": anywhere["*"]}


# --- Leaving ---------------------------------------------------------------------------------------------------------


def _make_leaving() -> Iterator[Node]:
    for number, seconds in enumerate(PATIENCE, 1):
        following = f"waiting-{number + 1}" if number < len(PATIENCE) else "goodbye"
        yield Node(
            f"waiting-{number}",
            (Spoken(say.WAITING),),
            (Choice("1", say.WAITING_GO_ON, Move(ORIGIN)), make_person_choice()),
            make_common_keys(back=ORIGIN),
            silence=Move(following),
            wait=seconds,
        )
    yield Node("goodbye", (Spoken(say.GOODBYE),), act=Act.HANG_UP)
    yield Node(
        "sorry", (Spoken(say.SORRY),), silent=make_common_keys(back=ORIGIN), silence=Move(ORIGIN), wait=BETWEEN_CLIPS
    )
