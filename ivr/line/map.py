"""Draws the call flow from its own table: as text for a terminal, and as Mermaid for the README.

Clips of a section stand as one box, the pages of one menu too, and the keys that work at any time are named once, so
that the picture can be read. What is told once is drawn where it is told: between the menus and the sections.
"""

from collections.abc import Iterator

from ivr.line.flow import LESSON, NOTICE
from ivr.line.nodes import ACT_TARGETS, AHEAD, HERE, ONWARD, ORIGIN, START, UP, Act, Line, Move, Node, When
from ivr.line.prompts import KEY_NAMES
from ivr.line.reminder import CONFIRMED, OPT_OUT

ANYWHERE = frozenset("7890*#")
FIRST, HELLO = "welcome", "hello"
"""Where the keys for a person and for another language are drawn, once for the whole line."""
WORDS = {
    HERE: "here again",
    ORIGIN: "back to where the caller was",
    ONWARD: "past where the caller was",
    START: "to where the caller's language begins",
    UP: "up to the caller's procedures",
    AHEAD: "to where that key leads from there",
}
"""What the text says of moves that depend on the call."""


def text_map(line: Line) -> str:
    """The whole table, a node a paragraph: what it does, and where each key and silence lead."""
    return "\n\n".join("\n".join(_paragraph(node)) for node in line.nodes.values())


def _paragraph(node: Node) -> Iterator[str]:
    yield f"{node.id}" + (f"  [{node.act}]" if node.act is not Act.LISTEN else "")
    for choice in {choice.key: choice for choice in node.choices}.values():
        words = choice.prompt.text.replace("{key}", KEY_NAMES.get(choice.key, choice.key))
        yield f"  {choice.key}  {_target(choice.move)}  — {words}"
    unspoken = sorted(node.keys.keys() - {choice.key for choice in node.choices})
    if unspoken:
        yield f"  also: {', '.join(f'{key} {_target(node.keys[key])}' for key in unspoken)}"
    if node.act is not Act.HANG_UP:
        yield f"  silence  {_describe_silence(node)}"


def _describe_silence(node: Node) -> str:
    tries = f"two new tries, then {node.gives_up}"
    if not node.next_page:
        return _target(node.silence) if node.silence else tries
    return node.next_page if node.page_before else f"{node.next_page}, and after the last page {tries}"


def _target(move: Move) -> str:
    language = f" in {move.language}" if move.language else ""
    if move.toggle_pace:
        return f"{'here' if move.to == HERE else WORDS[move.to]}, slower or normal again"
    return WORDS.get(move.to, move.to) + language


def mermaid_map(line: Line, *, reminders: bool = False) -> str:
    """The flow as a Mermaid flowchart: boxes are places, arrows are keys; dotted arrows are what follows by itself.

    Two pictures: the calls that come in, and the `reminders`, the calls that the clinic makes.
    """
    nodes = [node for node in line.nodes.values() if _outward(node.id) == reminders]
    arrows = dict.fromkeys(arrow for node in nodes for arrow in _arrows(line, node))
    boxes = dict.fromkeys(_box(line, node) for node in nodes)
    return "\n".join(["flowchart TD", *(f"  {box}" for box in boxes), *(f"  {arrow}" for arrow in arrows)])


def _outward(name: str) -> bool:
    return "/reminder/" in name or name.partition("/")[0] == OPT_OUT


def _group(line: Line, name: str) -> str:
    """The box that a node stands in: a section with its clips and its end, the pages of one menu."""
    node = line.nodes[name]
    if "/reminder/prep/" in name:
        return name.rpartition("/")[0]
    if node.title:
        return f"{name.split('/')[0]}/{'all' if '/all/' in name else name.split('/')[1]}"
    if name.endswith("/all/end"):
        return name.removesuffix("/end")
    family, _, number = name.rpartition("-")
    return family if number.isdigit() or family in ("returning", "renewed") else name


def _box(line: Line, node: Node) -> str:
    group = _group(line, node.id)
    clips = sum(_group(line, name) == group for name, each in line.nodes.items() if each.clip)
    words = f"{group}<br/>{clips} clips" if clips else group
    return f'{_identifier(group)}["{words}"]'


def _identifier(group: str) -> str:
    return group.replace("/", "__").replace("-", "_").replace(".", "_")


def _arrows(line: Line, node: Node) -> Iterator[str]:
    here = _group(line, node.id)
    for choice in node.choices:
        yield from _arrow(line, here, choice.move.to, f"|{KEY_NAMES.get(choice.key, choice.key)}|", choice.key)
    if node.id == HELLO:
        yield from _arrow(line, here, node.keys["8"].to, "|8|", "8")
    after_silence = node.silence or Move(node.gives_up)
    if node.act is not Act.HANG_UP and after_silence.to != "person":
        yield from _arrow(line, here, after_silence.to, "", "")
    targets = [*ACT_TARGETS.get(node.act, ()), node.failure, node.otherwise.to if node.otherwise else ""]
    targets += [move.to for move in node.silent.values()] if node.act is Act.COUNT else []
    for target in filter(None, (*targets, *_list_told(line, node))):
        yield from _arrow(line, here, target, "", "")


def _list_told(line: Line, node: Node) -> Iterator[str]:
    """What a call comes to whatever was pressed: the notice from a menu of sections and the lesson after a clip, once;
    the apology where the day of an appointment cannot be read."""
    clips = _list_clips(line)
    if node.id in clips:
        yield LESSON
    elif not node.title and any(
        _group(line, name) != _group(line, node.id) for name in _list_choices(node) & clips.keys()
    ):
        yield NOTICE
    if any(isinstance(item, When) for item in node.says) and not node.id.endswith(CONFIRMED):
        yield f"{node.id.rpartition('/')[0]}/unread"


def _list_choices(node: Node) -> set[str]:
    return {choice.move.to for choice in node.choices}


def _list_clips(line: Line) -> dict[str, None]:
    """The clips of the calls that come in: a reminder has its own notice, which its keys lead to."""
    return {name: None for name, node in line.nodes.items() if node.clip and not _outward(name)}


def _arrow(line: Line, here: str, to: str, label: str, key: str) -> Iterator[str]:
    for target in _list_ends(line, here, to):
        yield from _draw_arrow(line, here, target, label, key)


def _list_ends(line: Line, here: str, to: str) -> list[str]:
    """Every node that a move can lead to; a lesson leads back into the section that it interrupts."""
    if to == ONWARD or (to == ORIGIN and here.startswith("lesson/")):
        return [*_list_clips(line)]
    starts = [*line.starts.values()]
    return {HERE: [here], ORIGIN: starts, START: starts, UP: starts, AHEAD: []}.get(to, [to])


def _draw_arrow(line: Line, here: str, target: str, label: str, key: str) -> Iterator[str]:
    there = _group(line, target)
    everywhere = key in ANYWHERE and (key in "79" or target == "person" or target.endswith("languages"))
    if _outward(here) != _outward(there) or (everywhere and here not in (FIRST, HELLO)):
        return
    if there != here:
        yield f"{_identifier(here)} {'-->' if label else '-.->'}{label} {_identifier(there)}"
