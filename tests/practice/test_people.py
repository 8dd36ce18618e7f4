"""The imaginary people: which keys they press where, and that a town of them is mixed as a real one is."""

from collections import Counter

import pytest

from ivr.practice.people import ANSWERS, HANG_UP, KnownAnswers, Person, Place, find_answers, invent_people, read_place
from tests.topics import SHIPPED, SHIPPED_TOPICS

TOPIC = "compression-fracture/reminder"


@pytest.mark.parametrize(
    ("action", "place"),
    [
        (f"https://line.example.org/call/key/es/{TOPIC}/gate?tries=s1&attempt=7", Place("es", f"{TOPIC}/gate")),
        (f"/call/key/zh/{TOPIC}/check/ride", Place("zh", f"{TOPIC}/check/ride")),
        ("https://line.example.org/other/menu?x=1", Place("", "other/menu")),
    ],
)
def test_the_place_stands_in_the_address_that_the_keys_go_to(action: str, place: Place) -> None:
    assert read_place(action) == place


@pytest.mark.parametrize(
    ("node", "visit", "keys"),
    [
        (f"{TOPIC}/gate", 0, "1"),
        (f"{TOPIC}/gate", 1, ""),
        (f"{TOPIC}/menu", 0, "3"),
        (f"{TOPIC}/menu", 1, "1"),
        (f"{TOPIC}/menu", 2, ""),
        (f"{TOPIC}/check", 0, "06"),
        (f"{TOPIC}/check/ride", 0, "2"),
        (f"{TOPIC}/prep/end", 0, HANG_UP),
        (f"{TOPIC}/check/end", 0, ""),
        ("other/mygate", 0, ""),
    ],
)
def test_keys_go_by_the_end_of_the_nodes_name_and_by_the_visit(node: str, visit: int, keys: str) -> None:
    presses = {"gate": "1", "menu": ("3", "1"), "check": "06", "check/ride": "2", "prep/end": HANG_UP}
    assert Person(presses=presses).choose_keys(node, visit) == keys


def test_the_longest_name_that_fits_is_taken() -> None:
    person = Person(presses={"end": "7", "check/end": "8"})
    assert [person.choose_keys(f"{TOPIC}/{node}", 0) for node in ("prep/end", "check/end")] == ["7", "8"]


def test_keys_in_plain_order_are_pressed_wherever_the_call_is() -> None:
    person = Person(presses=("1", "", "06"))
    assert [person.choose_keys("anywhere", visit) for visit in range(4)] == ["1", "", "06", ""]


@pytest.mark.parametrize(
    ("person", "mode", "verdict"),
    [
        (Person(), "Enable", ("human", 2.4)),
        (Person(), "DetectMessageEnd", ("human", 2.4)),
        (Person("machine", greeting=9), "Enable", ("machine_start", 4.0)),
        (Person("machine", greeting=3), "Enable", ("machine_start", 3)),
        (Person("machine", greeting=9), "DetectMessageEnd", ("machine_end_beep", 9)),
        (Person("machine", greeting=31), "DetectMessageEnd", ("unknown", 30)),
        (Person(detected="machine_start"), "Enable", ("machine_start", 2.4)),
    ],
)
def test_the_detector_says_what_it_takes_them_for(person: Person, mode: str, verdict: tuple[str, float]) -> None:
    assert person.judge(mode, 30) == verdict


def number(index: int) -> str:
    return f"+1212555{index:04}"


def test_a_number_is_the_same_person_every_time_and_another_under_another_seed() -> None:
    town, again, elsewhere = invent_people(1), invent_people(1), invent_people(2)
    numbers = [number(index) for index in range(300)]
    assert [town(each) for each in numbers] == [again(each) for each in numbers]
    assert [town(each) for each in numbers] != [elsewhere(each) for each in numbers]


def test_a_town_answers_as_people_do() -> None:
    town = Counter(invent_people(3)(number(index)).answers for index in range(5000))
    assert {answers: abs(town[answers] / 5000 - share) < 0.03 for answers, share in ANSWERS.items()} == dict.fromkeys(
        ANSWERS, True
    )


ANSWERS_OF_EIGHT = find_answers(SHIPPED_TOPICS, {f"{SHIPPED}.fasting": 8})


def test_the_answers_are_those_of_the_topics_questions() -> None:
    check = f"{SHIPPED}/reminder/check"
    assert KnownAnswers({check: "8", f"{check}/ride": "1"}, {check: "0", f"{check}/ride": "3"}) == ANSWERS_OF_EIGHT


def test_every_habit_is_somebodys_and_most_confirm() -> None:
    people = [invent_people(4, ANSWERS_OF_EIGHT)(number(index)) for index in range(5000)]
    humans = [person for person in people if person.answers == "human"]
    first = Counter(
        (
            person.choose_keys("gate", 0),
            person.choose_keys("menu", 0),
            person.choose_keys(f"{SHIPPED}/reminder/check", 0),
        )
        for person in humans
    )
    assert set(first) == {
        *(("1", "1", ""), ("1", "2", ""), ("1", "3", "8"), ("1", "3", "0")),
        *(("4", "", ""), ("5", "", ""), ("8", "1", ""), (HANG_UP, "", ""), ("", "", "")),
    }
    assert first.most_common(1)[0][0] == ("1", "1", "")
    assert first["1", "1", ""] > len(humans) / 2


def test_machines_press_nothing() -> None:
    people = [invent_people()(number(index)) for index in range(500)]
    assert all(not person.presses for person in people if person.answers != "human")
