"""What a clinic decides about its line, and which topics callers of each language are offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ivr.line.nodes import PROCEDURES
from ivr.line.topics import Topic


@dataclass(frozen=True)
class Plan:
    """What a clinic decides about its line. `languages` and `opening` are codes, in the order of the offer.

    `unreviewed` are the languages whose callers are told that a computer translated the words (RULES L2). `fixed` maps
    a number (E.164) to the language it answers in; `opt_out` is the number that ends reminder calls. `values` are the
    clinic's own numbers, by value id ("<topic>.<value>"). `open_topics` are the ids of the topics that
    are open in a language; one that is not named has all.
    """

    languages: tuple[str, ...]
    opening: tuple[str, ...]
    unreviewed: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = field(default_factory=dict)
    opt_out: str = ""
    values: Mapping[str, int] = field(default_factory=dict)
    open_topics: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def has_open(self, topic: Topic, language: str) -> bool:
        """Whether callers of that language are offered the topic."""
        return language in self.languages and (
            language not in self.open_topics or topic.id in self.open_topics[language]
        )


@dataclass(frozen=True)
class Offer:
    """The topics that callers of these languages are offered, and where their calls begin after the hello."""

    topics: tuple[Topic, ...]
    languages: tuple[str, ...]
    start: str


def list_offers(topics: Sequence[Topic], plan: Plan) -> tuple[Offer, ...]:
    """Each set of topics that some language offers, once: the largest first, then in the order of the languages."""
    languages: dict[tuple[str, ...], tuple[str, ...]] = {}
    for code in plan.languages:
        offered = tuple(topic.id for topic in topics if plan.has_open(topic, code))
        if not offered:
            raise ValueError(f"no topic is open in {code}, so the language cannot be")
        languages[offered] = (*languages.get(offered, ()), code)
    by_id = {topic.id: topic for topic in topics}
    offers: list[Offer] = []
    for ids in sorted(languages, key=len, reverse=True):
        start = _name_start(ids, is_first=not offers)
        offers.append(Offer(tuple(by_id[name] for name in ids), languages[ids], start))
    return tuple(offers)


def _name_start(topics: tuple[str, ...], *, is_first: bool) -> str:
    if len(topics) == 1:
        return name_menu(topics[0])
    return PROCEDURES if is_first else f"{PROCEDURES}/{'.'.join(topics)}"


def name_menu(topic: str) -> str:
    """The node of a topic's menu."""
    return f"{topic}/menu"
