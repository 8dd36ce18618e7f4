"""From where a call is, and what the caller did, to where it is next. Pure functions.

Questions, each answered from the table alone: where does a new call begin (`entry`), which page does a key belong to
(`place_key`), and where does a key or silence lead (`after_key`, `after_silence`). What is heard there is `speech.py`.

Rules kept here: whatever was pressed, what must be told once is told before the first section (`_tell_first`); who
stays silent hears every page of languages before one is repeated (RULES M10).
"""

from dataclasses import replace
from hashlib import sha256

from ivr.errors import UnknownPlaceError
from ivr.line.events import LastCall
from ivr.line.nodes import HERE, ONWARD, ORIGIN, UNLISTED, Act, Line, Move, Node, Position, Told
from ivr.line.reminder import APPOINTMENT, GATE, OPT_OUT

NOTICE, LESSON = "notice", "lesson/again"
"""The nodes that tell what must be told once, and the keys that help while one listens."""
FAILED = "f"
"""What a position's `tries` says on arrival after a failure of ours: a second one is not led round in a circle."""
BY_ITSELF = "n"
"""What it says at a page of languages that followed the page before it by itself."""
TRIES = 2
"""New tries after silence or a wrong key (RULES M4)."""
FIRST_MOMENT = 1.0
"""Seconds in which nobody can have heard what a key means: such a key was pressed for what came before."""
LATE_KEY = 2.0
"""Seconds in which a key belongs to the page of languages before: the first choice of a page is not said sooner."""
TURN_WAIT = 4
"""Seconds for a key before the same is said in the next language of the first words."""
CHOICES = frozenset("1234567")
"""The keys whose meaning one has to hear first, and the pace, which two quick presses would change twice."""


def entry(line: Line, *, dialed: str = "", remembered: LastCall | None = None) -> Position:
    """Where a new call begins: the dialed number's own language, else the caller's last one, else the first words."""
    if dialed and dialed == line.opt_out:
        return Position(line.opening[0], OPT_OUT)
    if line.fixed.get(dialed) in line.languages:
        return Position(line.fixed[dialed], "begin")
    if remembered and remembered.language in line.languages and len(line.languages) > 1:
        code, heard = remembered.language, remembered.choices
        changed = heard and heard != sign_choices(line, code)
        return Position(code, f"renewed-{code}" if changed else f"returning-{code}")
    return Position(line.opening[0], "welcome")


def sign_choices(line: Line, language: str) -> str:
    """A signature of the choices with which callers of a language begin: it changes when a key leads elsewhere."""
    choices = line.node(line.starts[language]).choices
    told = " ".join(f"{choice.key}={choice.prompt.id}>{choice.move.to}" for choice in choices)
    return sha256(told.encode()).hexdigest()[:16]


def check_position(line: Line, position: Position) -> Position:
    """The same position, when the line has it. Raises UnknownPlaceError otherwise."""
    if position.language not in line.languages or position.node not in line.nodes:
        raise UnknownPlaceError(f"no node {position.node!r} in {position.language!r}")
    if not line.is_open(position.node, position.language):
        raise UnknownPlaceError(f"the node {position.node!r} is not open in {position.language!r}")
    if position.origin and not (position.origin in line.nodes and line.node(position.origin).place):
        raise UnknownPlaceError(f"no place {position.origin!r} to come back to")
    return position


def place_key(line: Line, position: Position, key: str, elapsed: float | None) -> Position | None:
    """Where a key counts that was pressed so many seconds after a place began to be heard (None: unknown, so late).

    The place itself; the page of languages before it, where that one went over into it by itself; or nowhere (None): it
    is no choice, since nobody can have heard what it would choose.
    """
    node = line.node(position.node)
    if elapsed is None or node.act not in (Act.LISTEN, Act.CONFIRM, Act.COUNT):
        return position
    if position.tries[:1] in (BY_ITSELF, "s") and elapsed < LATE_KEY and (before := _find_page_before(line, node)):
        return position.at(before)
    return None if elapsed < FIRST_MOMENT and key in CHOICES else position


def _find_page_before(line: Line, node: Node) -> str:
    """The page of languages that goes over into this one: before the first of a new round, the last."""
    return node.page_before or next((name for name, page in line.nodes.items() if page.next_page == node.id), "")


def after_key(line: Line, position: Position, key: str) -> Position:
    """Where one key leads; a key that does not work here leads to a new try, and after two of them further."""
    node = line.node(position.node)
    move = node.keys.get(key, node.otherwise)
    move = line.resolve(move, position.language, key) if move else None
    return _try_again(line, position, "w") if move is None else go(line, position, move)


def after_silence(line: Line, position: Position) -> Position:
    """Where saying nothing leads: onward where the node goes on by itself, else to a new try."""
    node = line.node(position.node)
    if node.next_page:
        return _turn_page(line, position, node)
    if speaks_in_turn(line, position) and (following := _find_next_opening(line, position)):
        return replace(position, language=following, told=Told.NOTHING)
    told = max(position.told, node.tells)
    if node.clip and told is Told.NOTICE and not position.attempt:
        return replace(position.at(LESSON), origin=node.id, told=Told.KEYS)
    if node.silence is None:
        return _try_again(line, position, "s")
    return go(line, replace(position, told=told), node.silence)


def speaks_in_turn(line: Line, position: Position) -> bool:
    """Whether the languages of the first words follow one another document by document: where no language is chosen
    and a number is read aloud, all of them in one would take more than a minute (RULES M9, M11)."""
    node = line.node(position.node)
    return node.reads_aloud and node.act is not Act.HANG_UP and not has_chosen(position)


def _find_next_opening(line: Line, position: Position) -> str:
    """The language of the first words that is heard after this one; "" after the last."""
    at = line.opening.index(position.language) if position.language in line.opening else -1
    return line.opening[at + 1] if at + 1 < len(line.opening) else ""


def count_wait(line: Line, position: Position) -> int:
    """Seconds in which a key may still come once everything is said; 0 for as long as the clinic has set (M3)."""
    if speaks_in_turn(line, position) and _find_next_opening(line, position):
        return TURN_WAIT
    return line.node(position.node).wait


def _turn_page(line: Line, position: Position, node: Node) -> Position:
    """The next page of languages; after the last one the first, as a new try. The third round is the first page alone:
    all of them have been heard twice."""
    rounds = int(position.tries[1:]) if position.tries.startswith("s") else 0
    if rounds == TRIES:
        return go(line, position, Move(node.gives_up, leave=True))
    if line.node(node.next_page).page_before:
        return replace(position, node=node.next_page, tries=f"s{rounds}" if rounds else BY_ITSELF)
    return replace(position, node=node.next_page, tries=f"s{rounds + 1}")


def go(line: Line, position: Position, move: Move) -> Position:
    """The position that a move leads to."""
    position = _leave_turn(line, position)
    slow = position.slow != move.toggle_pace
    language = move.language or position.language
    origin = position.node if move.leave and line.node(position.node).place else position.origin
    if move.language and before_choice(origin):
        origin = ""
    guard = _find_guard(line, position, origin)
    move = _keep_within_call(guard, move) if guard else move
    if origin and not line.is_open(origin, language):  # what was heard there is not offered in the language now chosen
        origin = ""
    told = position.told if language == position.language else Told.NOTHING
    if move.to == HERE:
        return replace(position, tries="", slow=slow)
    if move.to == ONWARD and origin:
        return after_silence(line, Position(language, origin, slow=slow, told=told))
    if move.to in (ONWARD, ORIGIN):
        back = origin or guard or line.starts[language]
        if position.attempt and language != position.language:
            back = _tell_reminder_first(back)
        return _tell_first(line, Position(language, back, slow=slow, attempt=position.attempt, told=told))
    if line.node(move.to).place and move.to != UNLISTED:  # a slip of the finger there must not lose one's place
        return _tell_first(line, Position(language, move.to, slow=slow, attempt=position.attempt, told=told))
    return Position(
        language=language,
        node=move.to,
        slow=slow,
        origin=origin,
        number=position.number,
        attempt=position.attempt,
        told=told,
    )


def _leave_turn(line: Line, position: Position) -> Position:
    """The language in whose turn a number is read aloud was not chosen by that, and nothing was told in it."""
    if not speaks_in_turn(line, position):
        return position
    return replace(position, language=line.opening[0], told=Told.NOTHING)


def _tell_first(line: Line, arrived: Position) -> Position:
    """The notice, for a caller who would hear a section without it (N1, N2); it leads on to the section."""
    if arrived.told or arrived.attempt or not line.node(arrived.node).clip:
        return arrived
    return replace(arrived, node=NOTICE, origin=arrived.node)


def _tell_reminder_first(back: str) -> str:
    """Into a reminder in another language: through what was not heard in that one, the notice before its section and
    questions, and before its menu that a computer translated the words (L2)."""
    topic, _, inside = back.partition("/reminder/")
    if inside.startswith(("prep/", "check")):
        return f"{topic}/reminder/notice"
    return f"{topic}{APPOINTMENT}" if inside == "menu" else back


def _find_guard(line: Line, position: Position, origin: str) -> str:
    """The node that guards this call: nobody in it is led to the line itself, which speaks of health (H1). "" where
    the call came in on the line."""
    if OPT_OUT in (position.node.partition("/")[0], origin.partition("/")[0]):
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
    return node == UNLISTED or node.split("-")[0] == "welcome" or node.partition("/")[0] == OPT_OUT


def has_chosen(position: Position) -> bool:
    """Whether the caller has chosen a language by now; until then all is said in each one of the first words (M11)."""
    return not (before_choice(position.node) or before_choice(position.origin))


def _try_again(line: Line, position: Position, kind: str) -> Position:
    made = int(position.tries[1:] or 0)
    if made < TRIES:
        position = _leave_turn(line, position) if kind == "s" else position
        return replace(position, tries=f"{kind}{made + 1}")
    node = line.node(position.node)
    lost = kind == "w" and node.place  # whoever presses keys is there, and needs help; whoever is silent may have left
    return go(line, position, Move("person" if lost else node.gives_up, leave=True))
