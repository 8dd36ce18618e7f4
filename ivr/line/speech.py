"""What is heard at a position, in order. Pure.

Rules kept here: until a language is chosen, everything is said in each language of the first words (RULES M11), one
after the other, or one a document where a number is read aloud (`flow.speaks_in_turn`); a new try has words of its own,
and teaches a key that leads elsewhere (M4, M12).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ivr.line import phrases
from ivr.line.flow import has_chosen, speaks_in_turn
from ivr.line.nodes import HERE, Act, Item, Line, Node, Number, Pause, Position, Spoken, When
from ivr.line.prompts import Prompt, Utterance

Aloud = Mapping[Number | When, str]
"""The digits to be read ("212 555 0123"), and the clips of a day and a time ("date.weekday.2 date.month.3"); "" where
there is none."""

EVERY_WORD = ("", "s2", "w1")
"""The tries at which, together, everything is heard that can be at a place: the words after silence and after a wrong
key, and both lessons of a new try."""


@dataclass(frozen=True)
class Said:
    """One thing that is heard: words, in one language."""

    utterance: Utterance
    language: str


def speech(line: Line, position: Position, aloud: Aloud) -> Iterator[Said | Pause]:
    """What is heard at a position, in order."""
    node = line.node(position.node)
    in_one = has_chosen(position) or speaks_in_turn(line, position)
    languages = (position.language,) if in_one else line.opening
    again = position.tries[:1] in ("s", "w") and not (node.page_before and position.tries.startswith("s"))
    if again:
        yield from _say_each([Spoken(_choose_words_again(node, position))], languages, aloud)
    if not (again and node.choices):
        yield from _say_each(node.says, languages, aloud)
    for choice in node.choices:
        yield from _say_each([choice.spoken], languages, aloud)
    if again and has_chosen(position):
        yield from _say_each(_list_lessons(node, position), languages, aloud)


def _choose_words_again(node: Node, position: Position) -> Prompt:
    if position.tries.startswith("s"):
        return phrases.SILENCE
    return phrases.CALL_BACK_INVALID if node.act is Act.KEY_IN else phrases.WRONG_KEY


def _list_lessons(node: Node, position: Position) -> Iterator[Spoken]:
    """A key that leads elsewhere, for somebody who is lost: to another language first, then back."""
    key, prompt = ("8", phrases.OTHER_LANGUAGE) if position.tries.endswith("1") else ("*", phrases.BACK)
    spoken = {choice.key for choice in node.choices}
    if key not in spoken and {"8", "*"} <= node.keys.keys() and node.keys[key].to not in (HERE, node.id):
        yield Spoken(prompt, key)


def _say_each(items: Iterable[Item], languages: tuple[str, ...], aloud: Aloud) -> Iterator[Said | Pause]:
    """The items in each language; those that have a language of their own, and quiet, once."""
    for language in languages:
        for item in items:
            once = isinstance(item, Pause) or (isinstance(item, Spoken) and item.language)
            if not once or language == languages[0]:
                yield from _say_item(item, language, aloud)


def _say_item(item: Item, language: str, aloud: Aloud) -> Iterator[Said | Pause]:
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
