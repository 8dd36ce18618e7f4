"""The part of the table that speaks of procedures: the menus, and the sections clip by clip.

A caller who is offered several topics begins at a menu of them, all others at the menu of their topic. Keys are 1, 2, 3
without a gap in every language (RULES M1), so each set of topics that some language offers has a menu of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ivr.line import phrases as say
from ivr.line.nodes import (
    BETWEEN_CLIPS,
    UP,
    WAITING,
    Choice,
    Move,
    Node,
    SectionClip,
    Spoken,
    is_procedures,
    make_common_keys,
)
from ivr.line.plan import Offer, name_menu
from ivr.line.topics import Section, Topic


def make_person_choice() -> Choice:
    """Zero, spoken at the end of a menu."""
    return Choice("0", say.PERSON, Move("person", leave=True))


def make_menus(offers: Sequence[Offer]) -> Iterator[Node]:
    """Every menu of procedures, then each topic that some language offers: its menu, its sections, and everything."""
    everybody = frozenset(code for offer in offers for code in offer.languages)
    for offer in offers:
        if is_procedures(offer.start):
            yield _limit(_make_procedures(offer), frozenset(offer.languages), everybody)
    topics = dict.fromkeys(topic.id for offer in offers for topic in offer.topics)
    for name in topics:
        here = [offer for offer in offers if name in {topic.id for topic in offer.topics}]
        topic = next(topic for topic in here[0].topics if topic.id == name)
        languages = frozenset(code for offer in here for code in offer.languages)
        for node in _TopicNodes(topic, _find_parent(here)).make():
            yield _limit(node, languages, everybody)


def _limit(node: Node, languages: frozenset[str], everybody: frozenset[str]) -> Node:
    return node if languages == everybody else replace(node, only=languages)


def _find_parent(offers: Sequence[Offer]) -> str:
    """Where star leads from a topic's menu; it depends on the caller's language where the offers differ."""
    parents = {offer.start if is_procedures(offer.start) else "languages" for offer in offers}
    return parents.pop() if len(parents) == 1 else UP


def _make_procedures(offer: Offer) -> Node:
    choices = [Choice(str(key), topic.choice, Move(name_menu(topic.id))) for key, topic in enumerate(offer.topics, 1)]
    title = (Spoken(say.PROCEDURES_TITLE),)
    keys = make_common_keys(back="languages")
    return Node(offer.start, title, (*choices, make_person_choice()), keys, place=True)


@dataclass(frozen=True)
class _TopicNodes:
    """The nodes of one topic; `parent` is where star leads from its menu."""

    topic: Topic
    parent: str

    @property
    def menu(self) -> str:
        return name_menu(self.topic.id)

    def make(self) -> Iterator[Node]:
        offered = [section for section in self.topic.sections if section.choice]
        yield self._make_menu(offered)
        for section, following in _pair_with_next(offered):
            yield from self._make_section(section, following)
        yield from self._make_everything()

    def _make_menu(self, offered: Iterable[Section]) -> Node:
        choices = [Choice("1", say.MENU_ALL, Move(f"{self.topic.id}/all/{self.topic.sections[0].id}/1"))]
        for key, section in enumerate(offered, 2):
            choices.append(self._make_section_choice(section, str(key)))
        title = (Spoken(say.MENU_TITLE),)
        keys = make_common_keys(back=self.parent)
        return Node(self.menu, title, (*choices, make_person_choice()), keys, place=True)

    def _make_section_choice(self, section: Section, key: str) -> Choice:
        if section.choice is None:
            raise ValueError(f"{section.id} is only heard where everything begins, so nothing offers it")
        return Choice(key, section.choice, Move(f"{self.topic.id}/{section.id}/1"))

    def _make_section(self, section: Section, following: Section | None) -> Iterator[Node]:
        path = f"{self.topic.id}/{section.id}"
        yield from self._make_clips(section, path, after=f"{path}/end")
        choices = [Choice("1", say.END_AGAIN, Move(f"{path}/1"))]
        if following:
            choices.append(self._make_section_choice(following, "2"))
        choices.append(Choice(str(len(choices) + 1), say.END_MENU, Move(self.menu)))
        keys = make_common_keys(back=self.menu, skip=f"{self.topic.id}/{following.id}/1" if following else self.menu)
        says = (Spoken(say.END_TITLE), Spoken(self.topic.reviewed), Spoken(say.END_HANG_UP))
        yield Node(f"{path}/end", says, tuple(choices), keys, gives_up=WAITING, place=True, title=section.title)

    def _make_everything(self) -> Iterator[Node]:
        end = f"{self.topic.id}/all/end"
        starts = [f"{self.topic.id}/all/{section.id}/1" for section in self.topic.sections]
        for section, after in zip(self.topic.sections, [*starts[1:], end], strict=True):
            yield from self._make_clips(section, f"{self.topic.id}/all/{section.id}", after)
        choices = (
            Choice("1", say.END_ALL_AGAIN, Move(starts[0])),
            Choice("2", say.END_MENU, Move(self.menu)),
            make_person_choice(),
        )
        keys = make_common_keys(back=self.menu, skip=self.menu)
        says = (Spoken(say.END_ALL_TITLE), Spoken(self.topic.reviewed), Spoken(say.END_HANG_UP))
        yield Node(end, says, choices, keys, gives_up=WAITING, place=True)

    def _make_clips(self, section: Section, path: str, after: str) -> Iterator[Node]:
        for number, prompt in enumerate(section.clips, 1):
            onward = f"{path}/{number + 1}" if number < len(section.clips) else after
            title = (Spoken(section.title),) if number == 1 else ()
            yield Node(
                f"{path}/{number}",
                (*title, Spoken(prompt)),
                silent=make_common_keys(back=self.menu, skip=onward),
                silence=Move(onward),
                wait=BETWEEN_CLIPS,
                clip=SectionClip(self.topic.id, section.id, number),
                place=True,
                title=section.title,
            )


def _pair_with_next(sections: Sequence[Section]) -> Iterator[tuple[Section, Section | None]]:
    yield from pairwise(sections)
    yield sections[-1], None
