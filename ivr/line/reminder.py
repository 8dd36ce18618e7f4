"""The calls that the clinic makes, as a part of the table: who calls and for whom, the appointment, the preparation.

Rules kept here: the clinic and its number are the first words (RULES C3); until a person has said by key that the call
is for them, nothing is said of health or of an appointment (H1, H3); a key ends all calls on every path (C6); an
answering machine, and whoever stays silent at the gate, hears the neutral voicemail (H2). One key means one thing
through the whole call, so the gate offers 1, 4 and 5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ivr.line import phrases
from ivr.line import reminder_phrases as say
from ivr.line.nodes import (
    BETWEEN_CLIPS,
    HERE,
    ORIGIN,
    RELAY_PAUSE,
    WAITING,
    Act,
    Choice,
    Clip,
    Item,
    Move,
    Node,
    Number,
    Pause,
    Reply,
    Spoken,
    When,
    taught,
)
from ivr.line.prompts import Prompt
from ivr.line.topics import Section, Topic

PREPARATION = "prep"
"""The section that a reminder offers. A topic without one has no reminders."""
GATE, VOICEMAIL = "/reminder/gate", "/reminder/voicemail"
"""How the nodes end at which a reminder begins, for a person and for a machine."""
OPT_OUT = "optout"
"""The node where the free number answers that ends the calls (RULES C6)."""


def gate(topic: str) -> str:
    """The node at which a reminder of a topic begins when somebody answers."""
    return f"{topic}{GATE}"


def voicemail(topic: str) -> str:
    """The node that speaks to an answering machine."""
    return f"{topic}{VOICEMAIL}"


@dataclass(frozen=True)
class Reminder:
    """How the reminders of one topic are laid out. `languages` and `opening` are codes; `unreviewed` as in the plan;
    `answers` maps the fact that a question is about to the number that answers it ("P3": "6")."""

    topic: Topic
    section: Section
    languages: tuple[str, ...]
    opening: tuple[str, ...]
    unreviewed: frozenset[str]
    answers: dict[str, str]

    def at(self, name: str) -> str:
        """The id of a node."""
        return f"{self.topic.id}/reminder/{name}"

    def to(self, name: str) -> Move:
        """A move to one of these nodes."""
        return Move(self.at(name))

    def nodes(self) -> Iterator[Node]:
        """All of them, in the order of a call."""
        yield self._gate()
        yield self._voicemail()
        yield self._languages()
        yield self._menu()
        yield from self._replies()
        yield from self._preparation()
        yield from self._questions()
        yield self._ending("goodbye", Spoken(say.GOODBYE))

    # --- Before anybody has said whom the call is for ----------------------------------------------------------------

    def _gate(self) -> Node:
        says = (Pause(RELAY_PAUSE), Spoken(say.HELLO), Spoken(say.OUR_NUMBER), Number.OURS)
        choices = (
            Choice("1", say.FOR_YOU, self.to("menu")),
            Choice("4", say.WRONG_NUMBER, self.to("wrong")),
            Choice("5", say.STOP, self.to("stop")),
            Choice("8", phrases.OTHER_LANGUAGE, self._other_language()),
            Choice("0", phrases.PERSON, self._person()),
        )
        silent = self._taught(back=HERE)
        return Node(self.at("gate"), says, choices, silent, gives_up=self.at("voicemail"), place=True)

    def _voicemail(self) -> Node:
        says = (Pause(RELAY_PAUSE), Spoken(say.MESSAGE), Number.CLINIC, Spoken(say.STOP_BY_PHONE), Number.OPT_OUT)
        return Node(self.at("voicemail"), says, act=Act.HANG_UP)

    def _languages(self) -> Node:
        """One list without pages: the first six are named, the others are told by a person."""
        offered = tuple(dict.fromkeys((*self.opening, *self.languages)))[:6]
        choices = [Choice(str(key), phrases.LANGUAGE, Move(ORIGIN, code), code) for key, code in enumerate(offered, 1)]
        choices += [Choice("0", phrases.PERSON, self._person(), code) for code in self.opening]
        return Node(self.at("languages"), (), tuple(choices), self._taught(back=ORIGIN), gives_up=WAITING)

    # --- The appointment ---------------------------------------------------------------------------------------------

    def _menu(self) -> Node:
        unreviewed = Spoken(phrases.UNREVIEWED, "0", only=self.unreviewed)
        says = (unreviewed, Spoken(say.DAY), When.DAY, Spoken(say.TIME), When.TIME)
        choices = (
            Choice("1", say.CONFIRM, self.to("confirm")),
            Choice("2", say.CHANGE, self.to("change")),
            Choice("3", self._offer(), self.to("prep/1")),
            Choice("4", say.WRONG_NUMBER, self.to("wrong")),
            Choice("5", say.STOP, self.to("stop")),
            Choice("8", phrases.OTHER_LANGUAGE, self._other_language()),
            Choice("9", phrases.AGAIN, Move(HERE)),
            Choice("0", phrases.PERSON, self._person()),
        )
        return Node(self.at("menu"), says, choices, self._taught(back=HERE), gives_up=WAITING, place=True)

    def _replies(self) -> Iterator[Node]:
        """What the person says about the calls and the appointment: saved first, and only then spoken of (C7)."""
        yield self._record("confirm", Reply.CONFIRM, "confirmed")
        yield self._record("change", Reply.CHANGE, "change-saved")
        yield self._record("wrong", Reply.WRONG_NUMBER, "wrong-saved")
        yield self._record("stop", Reply.STOP, "stopped")
        prepare = Choice("1", self._offer(), self.to("prep/1"))
        yield self._waiting("confirmed", (Spoken(say.CONFIRMED),), (prepare, self._appointment("2")))
        person = Choice("0", phrases.PERSON, self._person())
        yield self._waiting("change-saved", (Spoken(say.CHANGE_SAVED),), (self._appointment("1"), person))
        yield self._ending("wrong-saved", Spoken(say.WRONG_SAVED), Spoken(say.GOODBYE))
        yield self._ending("stopped", Spoken(say.STOPPED), Spoken(say.GOODBYE))
        yield self._ending("failed", Spoken(phrases.CALL_BACK_FAILED), Number.CLINIC, Spoken(say.GOODBYE))

    # --- How to prepare, and two questions about it ------------------------------------------------------------------

    def _preparation(self) -> Iterator[Node]:
        clips = self.section.clips
        for number, prompt in enumerate(clips, 1):
            onward = self.at(f"prep/{number + 1}" if number < len(clips) else "prep/end")
            title = (Spoken(phrases.EMERGENCY), Spoken(self.section.title)) if number == 1 else ()
            yield Node(
                self.at(f"prep/{number}"),
                (*title, Spoken(prompt)),
                silent=self._taught(back=self.at("menu"), skip=onward),
                silence=Move(onward),
                wait=BETWEEN_CLIPS,
                clip=Clip(self.topic.id, self.section.id, number),
                place=True,
                title=self.section.title,
            )
        choices = [Choice("1", phrases.END_AGAIN, self.to("prep/1"))]
        if self._asked:
            choices.append(Choice("2", say.CHECK_OFFER, self.to("check")))
        choices.append(self._appointment(str(len(choices) + 1)))
        says = (Spoken(phrases.END_TITLE), Spoken(self.topic.reviewed))
        yield self._waiting("prep/end", says, tuple(choices))

    @property
    def _asked(self) -> bool:
        """Whether the section says what the questions are about."""
        return self._clip_about(say.CHECK_EATING) is not None and self._clip_about(say.CHECK_RIDE) is not None

    def _questions(self) -> Iterator[Node]:
        if not self._asked:
            return
        answer = self.answers["P3"]
        yield Node(
            self.at("check"),
            (Spoken(say.CHECK_TITLE), Spoken(say.CHECK_EATING)),
            silent={answer: self.to("check/eating-right"), **self._taught_beside_digits()},
            silence=self.to("prep/end"),
            act=Act.COUNT,
            digits=len(answer),
            otherwise=self.to("check/eating-wrong"),
            wait=10,
        )
        yield from self._answered("eating", say.CHECK_EATING, "check/ride")
        choices = (
            Choice("1", say.CHECK_SOMEONE, self.to("check/ride-right")),
            Choice("2", say.CHECK_MYSELF, self.to("check/ride-wrong")),
            Choice("3", say.CHECK_UNSURE, self.to("check/ride-wrong")),
        )
        yield self._waiting("check/ride", (Spoken(say.CHECK_RIDE),), choices)
        yield from self._answered("ride", say.CHECK_RIDE, "check/end")
        yield self._waiting("check/end", (Spoken(phrases.END_HANG_UP),), (self._appointment("1"),))

    def _answered(self, name: str, question: Prompt, following: str) -> Iterator[Node]:
        """Right: on to the next. Wrong: that is written down for staff, and the part is heard again."""
        yield self._passing(f"check/{name}-right", (Spoken(say.CHECK_RIGHT),), following)
        reply = {"eating": Reply.CHECK_EATING_WRONG, "ride": Reply.CHECK_RIDE_WRONG}[name]
        yield self._record(f"check/{name}-wrong", reply, f"check/{name}-again", failed=f"check/{name}-again")
        clip = self._clip_about(question)
        again = (Spoken(say.CHECK_LISTEN), *([Spoken(clip)] if clip else []))
        yield self._passing(f"check/{name}-again", again, following)

    def _clip_about(self, question: Prompt) -> Prompt | None:
        about = set(question.facts)
        return next((clip for clip in self.section.clips if about & set(clip.facts)), None)

    # --- What nodes are made of --------------------------------------------------------------------------------------

    def _offer(self) -> Prompt:
        if self.section.choice is None:
            raise ValueError(f"{self.topic.id}: the section {self.section.id} has no words that offer it")
        return self.section.choice

    def _appointment(self, key: str) -> Choice:
        return Choice(key, say.APPOINTMENT, self.to("menu"))

    def _person(self) -> Move:
        return Move("person", leave=True)

    def _other_language(self) -> Move:
        return Move(self.at("languages"), leave=True)

    def _taught(self, *, back: str, skip: str = "") -> dict[str, Move]:
        return taught(back=back, skip=skip, languages=self.at("languages"))

    def _taught_beside_digits(self) -> dict[str, Move]:
        return {"*": self.to("prep/end"), "#": Move(HERE)}

    def _record(self, name: str, reply: Reply, saved: str, failed: str = "failed") -> Node:
        return Node(self.at(name), act=Act.RECORD, records=reply, silence=self.to(saved), failure=self.at(failed))

    def _waiting(self, name: str, says: tuple[Item, ...], choices: tuple[Choice, ...]) -> Node:
        silent = self._taught(back=self.at("menu"))
        return Node(self.at(name), says, choices, silent, gives_up=self.at("goodbye"), place=True)

    def _passing(self, name: str, says: tuple[Item, ...], following: str) -> Node:
        silent = self._taught(back=self.at("menu"), skip=self.at(following))
        return Node(self.at(name), says, silent=silent, silence=self.to(following), wait=BETWEEN_CLIPS, place=True)

    def _ending(self, name: str, *says: Item) -> Node:
        return Node(self.at(name), says, act=Act.HANG_UP)


def reminder_nodes(
    topics: Sequence[Topic],
    languages: tuple[str, ...],
    opening: tuple[str, ...],
    unreviewed: frozenset[str],
    hours: int,
) -> Iterator[Node]:
    """The nodes of every topic's reminders, and of the free number. `hours` without food answers the first question."""
    for topic in topics:
        section = next((one for one in topic.sections if one.id == PREPARATION), None)
        if section:
            yield from Reminder(topic, section, languages, opening, unreviewed, {"P3": str(hours)}).nodes()
    yield from _opt_out(opening)


def _opt_out(opening: tuple[str, ...]) -> Iterator[Node]:
    """In all opening languages: whoever calls here chose no language, and one key is the same in each."""
    emergency = [Spoken(phrases.EMERGENCY, language=code) for code in opening]
    title = [Spoken(say.OPT_OUT_TITLE, language=code) for code in opening]
    choices = [Choice("1", say.OPT_OUT, Move("optout/save"), code) for code in opening]
    choices += [Choice("0", phrases.PERSON, Move("person", leave=True), code) for code in opening]
    silent = {"7": Move(HERE, toggle_pace=True), "9": Move(HERE), "*": Move(HERE)}
    yield Node(OPT_OUT, (Pause(RELAY_PAUSE), *emergency, *title), tuple(choices), silent, gives_up=WAITING, place=True)
    yield Node(
        "optout/save",
        act=Act.RECORD,
        records=Reply.STOP,
        silence=Move("optout/stopped"),
        failure="optout/failed",
    )
    said = [Spoken(say.STOPPED, language=code) for code in opening]
    yield Node("optout/stopped", tuple(said), act=Act.HANG_UP)
    failed = [Spoken(phrases.CALL_BACK_FAILED, language=code) for code in opening]
    yield Node("optout/failed", (*failed, Number.CLINIC), act=Act.HANG_UP)
