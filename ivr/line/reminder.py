"""The calls that the clinic makes, as a part of the table: who calls and for whom, the appointment, a section.

Rules kept here: the clinic and its number are the first words (RULES C3); until a person has said by key that the call
is for them, nothing is said of health or of an appointment (H1, H3); a key ends all calls on every path (C6); an
answering machine, and whoever stays silent at the gate, hears the neutral voicemail (H2). One key means one thing
through the whole call, so the gate offers 1, 4 and 5. What is asked at the end is the topic's: a question about a fact
that was spoken just before (`topics/checks.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ivr.line import phrases
from ivr.line import reminder_phrases as say
from ivr.line.nodes import (
    BEFORE_MENU,
    BETWEEN_CLIPS,
    HERE,
    ORIGIN,
    RELAY_PAUSE,
    WAITING,
    Act,
    Choice,
    Item,
    Move,
    Node,
    Number,
    Pause,
    Reply,
    SectionClip,
    Spoken,
    When,
    WrongAnswer,
    make_common_keys,
)
from ivr.line.plan import Plan
from ivr.line.prompts import Prompt
from ivr.line.topics import Question, Section, Topic

GATE, VOICEMAIL = "/reminder/gate", "/reminder/voicemail"
"""How the nodes end at which a reminder begins, for a person and for a machine."""
APPOINTMENT = "/reminder/appointment"
"""How the node ends that tells the day and the time, before the menu of a reminder."""
CONFIRMED = "/reminder/confirmed"
"""How the node ends that says that a confirmation is kept: it is said also where the day cannot be read again."""
OPT_OUT = "optout"
"""The node where the free number answers that ends the calls (RULES C6)."""


def name_gate(topic: str) -> str:
    """The node at which a reminder of a topic begins when somebody answers."""
    return f"{topic}{GATE}"


def name_voicemail(topic: str) -> str:
    """The node that speaks to an answering machine."""
    return f"{topic}{VOICEMAIL}"


def name_questions(topic: Topic) -> dict[str, Question]:
    """Each question of a topic by the node at which it is asked."""
    names = [f"check/{question.id}" if number else "check" for number, question in enumerate(topic.questions)]
    return {f"{topic.id}/reminder/{name}": question for name, question in zip(names, topic.questions, strict=True)}


@dataclass(frozen=True)
class ReminderNodes:
    """The reminders of one topic. `languages` and `opening` are codes of languages in which the topic is open;
    `unreviewed` is as in the plan; `numbers` are the clinic's values, as they are keyed in ("6"), by name."""

    topic: Topic
    section: Section
    languages: tuple[str, ...]
    opening: tuple[str, ...]
    unreviewed: frozenset[str]
    numbers: Mapping[str, str]

    def at(self, name: str) -> str:
        """The id of a node."""
        return f"{self.topic.id}/reminder/{name}"

    def to(self, name: str) -> Move:
        """A move to one of these nodes."""
        return Move(self.at(name))

    def make(self) -> Iterator[Node]:
        """All of them, in the order of a call."""
        yield self._make_gate()
        yield self._make_voicemail()
        yield self._make_languages()
        yield self._make_appointment_told()
        yield self._make_menu()
        yield from self._make_replies()
        yield from self._make_section()
        yield from self._make_questions()
        yield self._make_ending("goodbye", Spoken(say.GOODBYE))

    # --- Before anybody has said whom the call is for ----------------------------------------------------------------

    def _make_gate(self) -> Node:
        says = (Pause(RELAY_PAUSE), Spoken(say.HELLO), Spoken(say.OUR_NUMBER), Number.OURS)
        choices = (
            Choice("1", say.FOR_YOU, self.to("appointment")),
            Choice("4", say.WRONG_NUMBER, self.to("wrong")),
            Choice("5", say.STOP, self.to("stop")),
            Choice("8", phrases.OTHER_LANGUAGE, self._lead_to_languages()),
            Choice("0", phrases.PERSON, self._lead_to_person()),
        )
        silent = self._make_keys(back=HERE)
        return Node(self.at("gate"), says, choices, silent, gives_up=self.at("voicemail"), place=True)

    def _make_voicemail(self) -> Node:
        says = (Pause(RELAY_PAUSE), Spoken(say.MESSAGE), Number.CLINIC, Spoken(say.STOP_BY_PHONE), Number.OPT_OUT)
        return Node(self.at("voicemail"), says, act=Act.HANG_UP)

    def _make_languages(self) -> Node:
        """One list without pages: the first six are named, the others are told by a person."""
        offered = tuple(dict.fromkeys((*self.opening, *self.languages)))[:6]
        choices = [Choice(str(key), phrases.LANGUAGE, Move(ORIGIN, code), code) for key, code in enumerate(offered, 1)]
        choices += [Choice("0", phrases.PERSON, self._lead_to_person(), code) for code in self.opening]
        return Node(self.at("languages"), (), tuple(choices), self._make_keys(back=ORIGIN), gives_up=WAITING)

    # --- The appointment ---------------------------------------------------------------------------------------------

    def _make_appointment_told(self) -> Node:
        """The day and the time, for the first time; the menu says them once more, and follows by itself."""
        unreviewed = Spoken(phrases.UNREVIEWED, only=self.unreviewed)
        says = (unreviewed, Spoken(say.DAY), When.DAY, Spoken(say.TIME), When.TIME, When.AWAY)
        ahead = {choice.key: choice.move for choice in self._make_menu().choices}
        silent = {**self._make_keys(back=HERE, skip=self.at("menu")), **ahead}
        return Node(self.at("appointment"), says, silent=silent, silence=self.to("menu"), wait=BEFORE_MENU, place=True)

    def _make_menu(self) -> Node:
        choices = (
            Choice("1", say.CONFIRM, self.to("confirm")),
            Choice("2", say.CHANGE, self.to("change")),
            Choice("3", self._find_offer(), self.to("notice")),
            Choice("4", say.WRONG_NUMBER, self.to("wrong")),
            Choice("5", say.STOP, self.to("stop")),
            Choice("0", phrases.PERSON, self._lead_to_person()),
        )
        says = (Spoken(say.REPEAT), When.DAY, When.TIME)
        return Node(self.at("menu"), says, choices, self._make_keys(back=HERE), gives_up=WAITING, place=True)

    def _make_replies(self) -> Iterator[Node]:
        """What the person says about the calls and the appointment: saved first, and only then spoken of (C7)."""
        yield self._make_record("confirm", Reply.CONFIRM, "confirmed")
        yield self._make_record("change", Reply.CHANGE, "change-saved")
        yield self._make_record("wrong", Reply.WRONG_NUMBER, "wrong-saved")
        yield self._make_record("stop", Reply.STOP, "stopped")
        prepare = Choice("1", self._find_offer(), self.to("notice"))
        confirmed = (Spoken(say.CONFIRMED), When.DAY, When.TIME, When.AWAY)
        yield self._make_waiting("confirmed", confirmed, (prepare, self._make_appointment("2")))
        person = Choice("0", phrases.PERSON, self._lead_to_person())
        yield self._make_waiting("change-saved", (Spoken(say.CHANGE_SAVED),), (self._make_appointment("1"), person))
        yield self._make_ending("wrong-saved", Spoken(say.WRONG_SAVED), Spoken(say.GOODBYE))
        yield self._make_ending("stopped", Spoken(say.STOPPED), Spoken(say.GOODBYE))
        yield self._make_ending("unread", Spoken(phrases.SORRY), Number.CLINIC, Spoken(say.GOODBYE))
        yield self._make_ending("failed", Spoken(say.FAILED), Number.CLINIC, Spoken(say.GOODBYE))

    # --- The section, and two questions about it ---------------------------------------------------------------------

    def _make_section(self) -> Iterator[Node]:
        yield self._make_notice()
        clips = self.section.clips
        for number, prompt in enumerate(clips, 1):
            onward = self.at(f"prep/{number + 1}" if number < len(clips) else "prep/end")
            title = (Spoken(self.section.title),) if number == 1 else ()
            yield Node(
                self.at(f"prep/{number}"),
                (*title, Spoken(prompt)),
                silent=self._make_keys(back=self.at("menu"), skip=onward),
                silence=Move(onward),
                wait=BETWEEN_CLIPS,
                clip=SectionClip(self.topic.id, self.section.id, number),
                place=True,
                title=self.section.title,
            )
        choices = [Choice("1", phrases.END_AGAIN, self.to("prep/1"))]
        if self.topic.questions:
            choices.append(Choice("2", say.CHECK_OFFER, self.to("check")))
        choices.append(self._make_appointment(str(len(choices) + 1)))
        says = (Spoken(phrases.END_TITLE), Spoken(self.topic.reviewed))
        yield self._make_waiting("prep/end", says, tuple(choices))

    def _make_notice(self) -> Node:
        """Before the section: what to do in an emergency (M7), and the notice (N1, N2). It must be heard."""
        return Node(
            self.at("notice"),
            (Spoken(phrases.EMERGENCY), Spoken(phrases.NOTICE)),
            silent={**self._make_keys(back=self.at("menu")), "#": Move(HERE)},
            silence=self.to("prep/1"),
            wait=BETWEEN_CLIPS,
            place=True,
        )

    def _make_questions(self) -> Iterator[Node]:
        places = [name.removeprefix(self.at("")) for name in name_questions(self.topic)]
        for question, here, after in zip(self.topic.questions, places, [*places[1:], "check/end"], strict=False):
            title = (Spoken(say.CHECK_TITLE),) if here == "check" else ()
            says = (*title, Spoken(question.prompt))
            yield self._make_number(question, here, says) if question.value else self._make_choice(question, here, says)
            yield from self._make_answers(question, after)
        if places:
            yield self._make_waiting("check/end", (Spoken(phrases.END_HANG_UP),), (self._make_appointment("1"),))

    def _make_number(self, question: Question, here: str, says: tuple[Item, ...]) -> Node:
        answer = self.numbers[question.value]
        return Node(
            self.at(here),
            says,
            silent={answer: self.to(f"check/{question.id}-right"), **self._list_keys_beside_digits()},
            silence=self.to("prep/end"),
            act=Act.COUNT,
            digits=len(answer),
            otherwise=self.to(f"check/{question.id}-wrong"),
            wait=10,
        )

    def _make_choice(self, question: Question, here: str, says: tuple[Item, ...]) -> Node:
        choices = tuple(
            Choice(str(key), choice.prompt, self.to(f"check/{question.id}-{'right' if choice.is_right else 'wrong'}"))
            for key, choice in enumerate(question.choices, 1)
        )
        return self._make_waiting(here, says, choices)

    def _make_answers(self, question: Question, after: str) -> Iterator[Node]:
        """Right: on to the next. Wrong: that is written down for staff, and the part is heard again."""
        path = f"check/{question.id}"
        yield self._make_passing(f"{path}-right", (Spoken(say.CHECK_RIGHT),), after)
        yield self._make_record(f"{path}-wrong", WrongAnswer(question.id), f"{path}-again", failed=f"{path}-again")
        again = (Spoken(say.CHECK_LISTEN), Spoken(self._find_clip(question)))
        yield self._make_passing(f"{path}-again", again, after)

    def _find_clip(self, question: Question) -> Prompt:
        """The clip that says what is asked. Raises ValueError where there is none: the reader refuses such a topic."""
        for clip in self.section.clips:
            if question.fact in clip.facts:
                return clip
        raise ValueError(f"{self.topic.id}: no clip of {self.section.id} carries {question.fact}, which is asked")

    # --- What nodes are made of --------------------------------------------------------------------------------------

    def _find_offer(self) -> Prompt:
        if self.section.choice is None:
            raise ValueError(f"{self.topic.id}: the section {self.section.id} has no words that offer it")
        return self.section.choice

    def _make_appointment(self, key: str) -> Choice:
        return Choice(key, say.APPOINTMENT, self.to("appointment"))

    def _lead_to_person(self) -> Move:
        return Move("person", leave=True)

    def _lead_to_languages(self) -> Move:
        return Move(self.at("languages"), leave=True)

    def _make_keys(self, *, back: str, skip: str = "") -> dict[str, Move]:
        return make_common_keys(back=back, skip=skip, languages=self.at("languages"))

    def _list_keys_beside_digits(self) -> dict[str, Move]:
        return {"*": self.to("prep/end"), "#": Move(HERE)}

    def _make_record(self, name: str, reply: Reply | WrongAnswer, saved: str, failed: str = "failed") -> Node:
        return Node(self.at(name), act=Act.RECORD, records=reply, silence=self.to(saved), failure=self.at(failed))

    def _make_waiting(self, name: str, says: tuple[Item, ...], choices: tuple[Choice, ...]) -> Node:
        silent = self._make_keys(back=self.at("menu"))
        return Node(self.at(name), says, choices, silent, gives_up=self.at("goodbye"), place=True)

    def _make_passing(self, name: str, says: tuple[Item, ...], following: str) -> Node:
        silent = self._make_keys(back=self.at("menu"), skip=self.at(following))
        return Node(self.at(name), says, silent=silent, silence=self.to(following), wait=BETWEEN_CLIPS, place=True)

    def _make_ending(self, name: str, *says: Item) -> Node:
        return Node(self.at(name), says, act=Act.HANG_UP)


def make_reminders(topics: Sequence[Topic], plan: Plan) -> Iterator[Node]:
    """The nodes of every topic's reminders, and of the free number. Raises KeyError or ValueError for reminders that no
    reader would have let pass: a section that is not there or not offered, a question that no clip of it answers."""
    for topic in topics:
        languages = tuple(code for code in plan.languages if plan.has_open(topic, code))
        if topic.reminders and languages:
            everywhere = languages == plan.languages
            for node in _lay_out(topic, languages, plan).make():
                yield node if everywhere else replace(node, only=frozenset(languages))
    yield from _make_opt_out(plan.opening)


def _lay_out(topic: Topic, languages: tuple[str, ...], plan: Plan) -> ReminderNodes:
    quantities = topic.quantities(plan.values)
    return ReminderNodes(
        topic=topic,
        section=topic.section(topic.reminders),
        languages=languages,
        opening=tuple(code for code in plan.opening if code in languages) or languages[:1],
        unreviewed=plan.unreviewed,
        numbers={name: str(quantity.count) for name, quantity in quantities.items()},
    )


def _make_opt_out(opening: tuple[str, ...]) -> Iterator[Node]:
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
    stopped = [Spoken(say.STOPPED, language=code) for code in opening]
    yield Node("optout/stopped", tuple(stopped), act=Act.HANG_UP)
    # The clinic's number is read in one language after the other (`flow.speaks_in_turn`), and then the call ends.
    failed = (Spoken(say.FAILED), Number.CLINIC)
    person = {"0": Move("person", leave=True)}
    yield Node(
        "optout/failed",
        failed,
        silent={**silent, **person},
        silence=Move("optout/goodbye"),
        wait=BETWEEN_CLIPS,
        place=True,
    )
    goodbye = [Spoken(say.GOODBYE, language=code) for code in opening]
    yield Node("optout/goodbye", tuple(goodbye), act=Act.HANG_UP)
