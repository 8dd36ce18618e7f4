"""The rules that a line's table keeps: reached and left everywhere, keys (M1, M2, M4), time and first words (M5, M7).

Each check is one function named after what it proves; `lint.py` lists them all.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ivr.errors import Fault
from ivr.line import phrases
from ivr.line.flow import LESSON, NOTICE
from ivr.line.lint_input import LintInput
from ivr.line.nodes import ACT_TARGETS, GREETINGS, HERE, ORIGIN, Act, Choice, Move, Node, Pause, Spoken, When
from ivr.line.reminder import APPOINTMENT, OPT_OUT

MOST_CHOICES = 6
MOST_LEVELS = 3
SHORTEST_SILENT_CALL = 300
COMMON = frozenset("7890*#")
"""The keys that mean the same wherever they work; each is taught where it helps (M12)."""
LESSON_SKIP = "lesson/skip"


# --- The table -------------------------------------------------------------------------------------------------------


def _list_targets(lint_input: LintInput, node: Node) -> Iterator[str]:
    """Every node that a call can go to next from this one."""
    for key, move in node.keys.items():
        yield from lint_input.list_targets(node, move, key)
    for move in (Move(node.gives_up), *([node.silence] if node.silence else [])):
        yield from lint_input.list_targets(node, move)
    yield from ACT_TARGETS.get(node.act, ())
    followed = (node.failure, node.otherwise.to if node.otherwise else "", node.next_page)
    yield from (name for name in (*followed, *_list_told(lint_input, node)) if name)


def _list_told(lint_input: LintInput, node: Node) -> tuple[str, ...]:
    """What is told before and after the first clip that a caller hears (a reminder has its own notice), and where an
    appointment that cannot be read leads."""
    told = (NOTICE, LESSON) if node.clip and not lint_input.is_in_reminder(node) else ()
    has_day = any(isinstance(item, When) for item in node.says)
    return (*told, f"{node.id.partition('/reminder/')[0]}/reminder/unread") if has_day else told


def every_move_leads_somewhere(lint_input: LintInput) -> Iterator[Fault]:
    """No key, silence or act leads to a node that is not there."""
    for node in lint_input.line.nodes.values():
        for target in _list_targets(lint_input, node):
            if target not in lint_input.line.nodes:
                yield Fault(node.id, f"leads to {target}, which the line does not have.")


def _reach(lint_input: LintInput, starts: Iterable[str], targets: Callable[[Node], Iterable[str]]) -> set[str]:
    seen = set(starts)
    waiting = deque(seen)
    while waiting:
        for target in targets(lint_input.line.node(waiting.popleft())):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def every_node_is_reachable(lint_input: LintInput) -> Iterator[Fault]:
    """From the first words, or from a failure (the apology)."""
    reached = _reach(
        lint_input, [*lint_input.entries, *lint_input.reminders, "sorry"], lambda node: _list_targets(lint_input, node)
    )
    for name in lint_input.line.nodes.keys() - reached:
        yield Fault(name, "cannot be reached by any caller. Lead to it, or take it out.")


def every_node_has_a_way_out(lint_input: LintInput) -> Iterator[Fault]:
    """Nobody is caught: from every node the call can come to its goodbye, pressing nothing at all."""
    for node in lint_input.line.nodes.values():
        reached = _reach(lint_input, [node.id], lambda each: _list_silent_targets(lint_input, each))
        if not any(lint_input.line.node(name).act is Act.HANG_UP for name in reached):
            yield Fault(node.id, "is a trap: a caller who says nothing never comes to the goodbye.")


def _list_silent_targets(lint_input: LintInput, node: Node) -> list[str]:
    if node.act is Act.HANG_UP:
        return []
    move = node.silence or Move(node.gives_up)
    targets = [node.id] if move.to == HERE else lint_input.list_targets(node, move)
    targets += [node.next_page] if node.next_page else []
    return [*targets, *ACT_TARGETS.get(node.act, ())]


# --- Keys (M1, M2, M4) -----------------------------------------------------------------------------------------------


def keys_ascend_without_gaps(lint_input: LintInput) -> Iterator[Fault]:
    """M1: the choices of a menu are 1, 2, 3 ... in the order in which they are spoken; the keys that work anywhere come
    after. At the gate of a reminder, keys keep the meaning that they have in its menu, and two are left out."""
    for node in lint_input.line.nodes.values():
        if node.id in lint_input.reminders:
            continue
        spoken = list(dict.fromkeys(choice.key for choice in node.choices))
        digits = list(dict.fromkeys(choice.key for choice in _list_own_choices(node)))
        if digits != [str(number) for number in range(1, len(digits) + 1)]:
            yield Fault(node.id, f"speaks its keys as {', '.join(digits)}. They must be 1, 2, 3 without a gap (M1).")
        if spoken[: len(digits)] != digits:
            yield Fault(node.id, "speaks zero, star or pound before its digits. They come after (M1).")


def _list_own_choices(node: Node) -> list[Choice]:
    """The digits that a menu offers, beside the keys that mean the same at any time and may be spoken again."""
    return [choice for choice in node.choices if choice.key in "123456789" and not _works_anywhere(node, choice)]


def _works_anywhere(node: Node, choice: Choice) -> bool:
    """A key that leads as it does anywhere; where a lesson follows a clip, to hear it again is to go back to it."""
    move, again = choice.move, ORIGIN if node.id == LESSON else HERE
    return {
        "7": move == Move(again, toggle_pace=True),
        "8": move.to.endswith("languages"),
        "9": move == Move(again),
    }.get(choice.key, False)


def what_is_spoken_is_what_works(lint_input: LintInput) -> Iterator[Fault]:
    """M1: one key has one meaning in a node, and every key that works is spoken there or taught where it helps."""
    menu = {key for name in lint_input.starts for key in _list_spoken_keys(lint_input.line.node(name))}
    for node in lint_input.line.nodes.values():
        for choice in node.choices:
            if node.keys[choice.key] != choice.move:
                yield Fault(node.id, f"gives the key {choice.key} two meanings (M1).")
        ahead = menu if node.id in GREETINGS else _list_keys_ahead(lint_input, node)
        counted = node.keys.keys() if node.act is Act.COUNT else set()  # an answer is not told before it is asked for
        for key in node.keys.keys() - _list_spoken_keys(node) - COMMON - ahead - counted:
            yield Fault(node.id, f"takes the key {key}, which nobody was told of (M1).")
        for key in _list_spoken_keys(node) - node.keys.keys():
            yield Fault(node.id, f"speaks the key {key}, which does not work there (M1).")


def _list_keys_ahead(lint_input: LintInput, node: Node) -> set[str]:
    """The keys of a reminder's menu, which work already while its appointment is told."""
    if not node.id.endswith(APPOINTMENT):
        return set()
    return _list_spoken_keys(lint_input.line.node(node.silence.to)) if node.silence else set()


def _list_spoken_keys(node: Node) -> set[str]:
    keys = {item.key for item in node.says if isinstance(item, Spoken) and item.key}
    return keys | {choice.key for choice in node.choices}


def keys_are_taught_where_they_help(lint_input: LintInput) -> Iterator[Fault]:
    """M12: zero at once, pound before the first section, seven and nine after its first clip; star and eight are taught
    on a new try (`speech.py`). The hello teaches nothing: the menu waits behind it."""
    taught = {"welcome": "0", LESSON_SKIP: "#", LESSON: "79", **dict.fromkeys(lint_input.starts, "0")}
    for name, keys in taught.items():
        for key in set(keys) - _list_spoken_keys(lint_input.line.node(name)):
            yield Fault(name, f"does not teach the key {key}, which helps from here on (M12).")
    for name in GREETINGS:
        for key in _list_spoken_keys(lint_input.line.node(name)) - {"0"}:
            yield Fault(name, f"teaches the key {key} before the menu (M12).")


def what_was_taught_works_everywhere(lint_input: LintInput) -> Iterator[Fault]:
    """M1: the keys that are taught work at every node of a language (skipping: wherever there is speech to skip)."""
    for node in lint_input.line.nodes.values():
        if _is_before_hello(node) or node.act not in (Act.LISTEN, Act.CONFIRM):
            continue
        for key in [*"7890*", *(["#"] if node.clip else [])]:
            if key not in node.keys:
                yield Fault(node.id, f"does not take the key {key}, which was taught to work everywhere (M1).")


def _is_before_hello(node: Node) -> bool:
    return node.id.split("-")[0] in ("welcome", "returning", "renewed") or node.id.partition("/")[0] == OPT_OUT


def menus_are_small(lint_input: LintInput) -> Iterator[Fault]:
    """M2: at most six choices in a menu."""
    for node in lint_input.line.nodes.values():
        count = len({choice.key for choice in _list_own_choices(node)})
        if count > MOST_CHOICES:
            yield Fault(node.id, f"has {count} choices. Six are the most that a listener can keep in mind (M2).")


def clips_are_near(lint_input: LintInput) -> Iterator[Fault]:
    """M2: no clip is more than three choices away from the first words."""
    levels = dict.fromkeys(["welcome", *lint_input.reminders], 0)
    waiting = deque(levels)
    while waiting:
        name = waiting.popleft()
        for target, cost in _list_steps(lint_input, lint_input.line.node(name)):
            if levels[name] + cost < levels.get(target, 99):
                levels[target] = levels[name] + cost
                waiting.append(target)
    for node in lint_input.line.nodes.values():
        if node.clip and levels.get(node.id, 99) > MOST_LEVELS:
            yield Fault(
                node.id, f"is {levels.get(node.id)} choices away from the first words. Three are the most (M2)."
            )


def _list_steps(lint_input: LintInput, node: Node) -> Iterator[tuple[str, int]]:
    """Where a node leads, with what it costs: a chosen key is one level; going on by silence or pound is none."""
    for key, move in node.keys.items():
        for target in lint_input.list_targets(node, move, key):
            yield target, int(key != "#")
    if node.silence:
        for target in lint_input.list_targets(node, node.silence):
            yield target, 0


def a_person_is_everywhere(lint_input: LintInput) -> Iterator[Fault]:
    """M2: zero leads to a person wherever a key is taken."""
    for node in lint_input.line.nodes.values():
        takes_keys = node.act in (Act.LISTEN, Act.CONFIRM, Act.KEY_IN)
        if takes_keys and node.keys.get("0", Move("")).to != "person":
            yield Fault(node.id, "does not lead to a person on zero (M2).")


def silence_is_answered(lint_input: LintInput) -> Iterator[Fault]:
    """M4: where silence does not lead on, there are choices to repeat and a place to go after two tries."""
    for node in lint_input.line.nodes.values():
        if node.silence is None and node.act is not Act.HANG_UP and not node.choices:
            yield Fault(node.id, "waits for a key but offers none (M4).")


# --- Time and the first words (M5, M7) -------------------------------------------------------------------------------


def nobody_is_cut_off(lint_input: LintInput) -> Iterator[Fault]:
    """M5: whoever says nothing is not hung up on for five minutes, even if every clip took no time at all."""
    for name in lint_input.line.nodes:
        shortest = _count_silent_seconds(lint_input, name)
        if shortest < SHORTEST_SILENT_CALL and _is_entry(lint_input, name):
            yield Fault(name, f"hangs up on a silent caller after {shortest} s. Five minutes are the least (M5).")


def _is_entry(lint_input: LintInput, name: str) -> bool:
    return name in lint_input.entries


def _count_silent_seconds(lint_input: LintInput, start: str) -> int:
    """The shortest wait from a node to the goodbye on silence alone; waits shorter than a menu's are not counted."""
    best = {start: 0}
    waiting = deque([start])
    ends: list[int] = []
    while waiting:
        name = waiting.popleft()
        node = lint_input.line.node(name)
        if node.act is Act.HANG_UP:
            ends.append(best[name])
        for target in _list_silent_targets(lint_input, node):
            if best[name] + node.wait < best.get(target, 10**6):
                best[target] = best[name] + node.wait
                waiting.append(target)
    return min(ends, default=10**6)


def the_emergency_notice_comes_first(lint_input: LintInput) -> Iterator[Fault]:
    """M7, M5: every call begins with a moment of quiet for a relay operator, then with what to do in an emergency."""
    for name in lint_input.entries:
        says = lint_input.line.node(name).says
        first = [item for item in says if not isinstance(item, Pause)][:1]
        if not (says and isinstance(says[0], Pause)):
            yield Fault(name, "begins without a moment of quiet (M5).")
        if not (first and isinstance(first[0], Spoken) and first[0].prompt is phrases.EMERGENCY):
            yield Fault(name, "does not begin with the emergency notice (M7).")
