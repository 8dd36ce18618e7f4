"""From where a call is, and what the caller did, to where it is next; and what is said there. Pure functions.

Three questions, each answered from the table alone: where does a new call begin (`entry`), where does a key or silence
lead (`after_key`, `after_silence`), and what is heard at a position (`speech`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ivr.errors import UnknownPlaceError
from ivr.line import phrases
from ivr.line.nodes import HERE, ORIGIN, UNLISTED, Act, Item, Line, Move, Node, Number, Pause, Position, When
from ivr.line.prompts import Prompt, Utterance
from ivr.line.reminder import GATE, OPT_OUT

FAILED = "f"
"""What a position's `tries` says on arrival after a failure of ours: a second one is not led round in a circle."""
TRIES = 2
"""New tries after silence or a wrong key (RULES M4)."""


@dataclass(frozen=True)
class Said:
    """One thing that is heard: words, in one language."""

    utterance: Utterance
    language: str


def entry(line: Line, *, dialed: str = "", remembered: str | None = None) -> Position:
    """Where a new call begins: the dialed number's own language, else the caller's last one, else the first words."""
    if dialed and dialed == line.opt_out:
        return Position(line.opening[0], OPT_OUT)
    if line.fixed.get(dialed) in line.languages:
        return Position(line.fixed[dialed], "begin")
    if remembered in line.languages and len(line.languages) > 1:
        return Position(str(remembered), f"returning-{remembered}")
    return Position(line.opening[0], "welcome")


def check_position(line: Line, position: Position) -> Position:
    """The same position, when the line has it. Raises UnknownPlaceError otherwise."""
    if position.language not in line.languages or position.node not in line.nodes:
        raise UnknownPlaceError(f"no node {position.node!r} in {position.language!r}")
    if not line.is_open(position.node, position.language):
        raise UnknownPlaceError(f"the node {position.node!r} is not open in {position.language!r}")
    if position.origin and not (position.origin in line.nodes and line.node(position.origin).place):
        raise UnknownPlaceError(f"no place {position.origin!r} to come back to")
    return position


def after_key(line: Line, position: Position, key: str) -> Position:
    """Where one key leads; a key that does not work here leads to a new try, and after two of them further."""
    node = line.node(position.node)
    move = node.keys.get(key, node.otherwise)
    move = line.resolve(move, position.language, key) if move else None
    return _try_again(line, position, "w") if move is None else go(line, position, move)


def after_silence(line: Line, position: Position) -> Position:
    """Where saying nothing leads: onward where the node goes on by itself, else to a new try."""
    move = line.node(position.node).silence
    return _try_again(line, position, "s") if move is None else go(line, position, move)


def go(line: Line, position: Position, move: Move) -> Position:
    """The position that a move leads to."""
    slow = position.slow != move.toggle_pace
    language = move.language or position.language
    origin = position.node if move.leave and line.node(position.node).place else position.origin
    if move.language and before_choice(origin):
        origin = ""
    guard = _find_guard(line, position, origin)
    move = _keep_within_call(guard, move) if guard else move
    if origin and not line.is_open(origin, language):  # what was heard there is not offered in the language now chosen
        origin = ""
    if move.to == HERE:
        return replace(position, tries="", slow=slow)
    if move.to == ORIGIN:
        back = origin or guard or line.starts[language]
        return Position(language, back, slow=slow, attempt=position.attempt)
    if line.node(move.to).place and move.to != UNLISTED:  # a slip of the finger there must not lose one's place
        return Position(language, move.to, slow=slow, attempt=position.attempt)
    return Position(language, move.to, "", slow, origin, position.number, position.attempt)


def _find_guard(line: Line, position: Position, origin: str) -> str:
    """The node that guards this call: nobody in it is led to the line itself, which speaks of health (H1). "" where
    the call came in on the line."""
    if position.node.partition("/")[0] == OPT_OUT or origin == OPT_OUT:
        return OPT_OUT
    if not position.attempt:
        return ""
    gates = [name for name in line.nodes if name.endswith(GATE)]
    return next(
        (name for name in gates if name.split("/")[0] in (origin.split("/")[0], position.node.split("/")[0])), gates[0]
    )


def _keep_within_call(guard: str, move: Move) -> Move:
    """Another language is chosen within the call: the line's own list of them leads to the line's hello."""
    if move.to.partition("-")[0] != "languages":
        return move
    return Move(OPT_OUT) if guard == OPT_OUT else replace(move, to=f"{guard.removesuffix(GATE)}/reminder/languages")


def before_choice(node: str) -> bool:
    """True where no language was chosen yet: nobody who has chosen one is led back there."""
    return node == UNLISTED or node.split("-")[0] == "welcome"


def _try_again(line: Line, position: Position, kind: str) -> Position:
    made = int(position.tries[1:] or 0) if position.tries != FAILED else 0
    if made < TRIES:
        return replace(position, tries=f"{kind}{made + 1}")
    node = line.node(position.node)
    lost = kind == "w" and node.place  # whoever presses keys is there, and needs help; whoever is silent may have left
    return go(line, position, Move("person" if lost else node.gives_up, leave=True))


def speech(line: Line, position: Position, aloud: Mapping[Number | When, str]) -> Iterator[Said | Pause]:
    """What is heard at a position, in order. `aloud` holds the digits to be read ("212 555 0123"), and the clips of a
    day and a time ("date.weekday.2 date.month.3"); "" where there is none."""
    node = line.node(position.node)
    again = position.tries not in ("", FAILED)
    if again:
        words = phrases.SILENCE if position.tries.startswith("s") else _choose_wrong_words(node)
        for language in _list_spoken_languages(node, position):
            yield Said(Utterance(words.id), language)
    if not (again and node.choices):
        for item in node.says:
            yield from _say_item(item, position.language, aloud)
    for choice in node.choices:
        yield from _say_item(choice.spoken, position.language, aloud)


def _choose_wrong_words(node: Node) -> Prompt:
    return phrases.CALL_BACK_INVALID if node.act is Act.KEY_IN else phrases.WRONG_KEY


def _list_spoken_languages(node: Node, position: Position) -> list[str]:
    """Where no language is chosen yet, a new try is announced in the languages of the first words, not in each one."""
    spoken = [choice.language for choice in node.choices if choice.language and choice.key == "0"]
    return list(dict.fromkeys(spoken)) or [position.language]


def _say_item(item: Item, language: str, aloud: Mapping[Number | When, str]) -> Iterator[Said | Pause]:
    if isinstance(item, Pause):
        yield item
    elif isinstance(item, When):
        yield from (Said(Utterance(piece), language) for piece in aloud.get(item, "").split())
    elif isinstance(item, Number):
        yield from _say_digits(item, language, aloud.get(item, ""))
    elif item.only is None or language in item.only:
        yield Said(Utterance(item.prompt.id, item.key), item.language or language)


def _say_digits(which: Number, language: str, digits: str) -> Iterator[Said | Pause]:
    """A phone number read aloud in groups. `digits` are groups with blanks between ("212 555 0123")."""
    if digits and which is Number.CLINIC:
        yield Said(Utterance(phrases.CALL_US.id), language)
    for group in digits.split():
        yield Pause(1)
        for digit in group:
            yield Said(Utterance(f"digit.{digit}"), language)
