"""`flask optout …` in the words that a person sees."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.conftest import Environment
from tests.reminders.desk import BY, THURSDAY, Desk, seated

NUMBER = "+12125550123"
NO_SUCH = "There is no such phone number. Check its digits; one from abroad begins with + and its country."


@pytest.fixture
def desk(environment: Environment, tmp_path: Path) -> Desk:
    return seated(environment, tmp_path)


def listed(desk: Desk) -> list[str]:
    """The numbers on the list."""
    return [one.number for one in desk.store.staff.opt_outs.list_opt_outs("Ana")]


def test_c7_a_number_entered_by_hand_is_never_called_again(desk: Desk) -> None:
    desk.upload(f"{NUMBER},en,{THURSDAY},Ana,A-1")
    assert desk.said("optout", "add", "(212) 555-0123", *BY) == ["It is never called again."]
    assert desk.store.staff.results.count_attempts(desk.store.staff.campaigns.find_campaign("spring")) == {
        "opted_out": 2
    }
    assert desk.audited()[-1] == ("Ana", "opt-out entered")
    assert desk.said("optout", "add", NUMBER, *BY) == ["It was on the list already, and is never called again."]


def test_an_opt_out_is_taken_back_where_there_is_one(desk: Desk) -> None:
    desk.said("optout", "add", NUMBER, *BY)
    assert desk.said("optout", "remove", NUMBER, *BY) == [
        "It may be called again. Calls that were taken off the queue do not come back by themselves."
    ]
    assert listed(desk) == []
    assert desk.refused("optout", "remove", NUMBER, *BY) == ["Error: This number is not on the list."]


@pytest.mark.parametrize("command", ["add", "remove"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12", NO_SUCH),
        ("212 555 0123 ext. 7", NO_SUCH),
        ("", "There is no phone number."),
        ("Ana", "It holds signs that no phone number has. Write one number, such as +12125550123."),
    ],
)
def test_what_is_no_number_is_refused(desk: Desk, command: str, text: str, words: str) -> None:
    said = desk.refused("optout", command, text, *BY)
    assert len(said) == 1
    assert said[0].startswith("Error: ")
    assert (words == NO_SUCH and "ext" in text) or said == [f"Error: {words}"]


def test_the_list_is_shown_to_somebody_with_a_name(desk: Desk) -> None:
    desk.said("optout", "add", NUMBER, *BY)
    assert desk.said("optout", "list", *BY) == [f"{NUMBER}  since 2026-11-23 10:30  staff, by Ana", "1 in all."]
    assert desk.audited()[-1] == ("Ana", "opt-outs seen")


@pytest.mark.parametrize(
    "command", [("add", NUMBER), ("remove", NUMBER), ("list",), ("import", "list.csv"), ("export", "list.csv")]
)
def test_h5_who_is_not_a_member_of_staff_does_and_sees_nothing(desk: Desk, command: tuple[str, ...]) -> None:
    words = ["Error: Say who you are: --by NAME, a member of staff who may sign in."]
    assert desk.refused("optout", *command, "--by", "Mallory") == words
    assert desk.run("optout", *command).exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        "+12125550123\n212-555-0124\n",
        "\ufeffPhone\r\n2125550123\r\n\r\n(212) 555-0124\r\n",
        "Name;Phone\nAna;2125550123\nBen;2125550124\n",
        "Mobile\tSince\n'+12125550123\t2020\n2125550124\t2021\n",
    ],
)
def test_a_file_of_numbers_is_entered(desk: Desk, text: str) -> None:
    file = desk.write(text)
    assert desk.said("optout", "import", file, *BY)[-1] == "2 entered, 0 on the list already."
    assert listed(desk) == [NUMBER, "+12125550124"]
    assert {(one.how, one.by) for one in desk.store.staff.opt_outs.list_opt_outs("Ana")} == {("list", "Ana")}
    assert desk.said("optout", "import", file, *BY)[-1] == "0 entered, 2 on the list already."


def test_a_workbook_of_numbers_is_entered(desk: Desk) -> None:
    book = Workbook()
    for cell in ("Phone", "+12125550123", 2125550124):
        book.active.append([cell])
    book.save(desk.folder / "list.xlsx")
    assert desk.said("optout", "import", str(desk.folder / "list.xlsx"), *BY)[-1] == "2 entered, 0 on the list already."


def test_every_fault_is_told_with_its_line_and_nothing_is_entered(desk: Desk) -> None:
    file = desk.write("Name,Phone\nAna,+12125550123\nBo,12\nCy,\n")
    assert desk.refused("optout", "import", file, *BY) == [
        f"line 3: {NO_SUCH}",
        "line 4: There is no phone number.",
        "Error: Nothing is kept: 2 of 3 rows have a fault. "
        "Mend them and import the file again, or keep the good rows with --good-rows.",
    ]
    assert listed(desk) == []


def test_the_good_numbers_go_ahead_when_a_person_says_so(desk: Desk) -> None:
    file = desk.write("+12125550123\nnobody\n+12125550123\n")
    said = desk.said("optout", "import", file, "--good-rows", *BY)
    assert said[-1] == "1 entered, 1 on the list already, 1 with faults left out."
    assert listed(desk) == [NUMBER]


def test_a_second_number_on_a_line_is_never_passed_over(desk: Desk) -> None:
    said = desk.refused("optout", "import", desk.write("+12125550123\n+12125550124,+12125550125\n"), *BY)
    assert said[0] == "line 2: The line holds more than one number. Write one number a line."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "It is a PDF, not a table."),
        (b"Name,Town\nAna,Rome\n", "Call one column Phone, in the first line; or write one number a line"),
        (b"Phone,Mobile\n1,2\n", "Call one column Phone, in the first line; or write one number a line"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(desk: Desk, content: bytes, words: str) -> None:
    assert words in desk.refused("optout", "import", desk.write(content), *BY)[-1]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_exported_can_be_imported_again(desk: Desk, name: str) -> None:
    desk.said("optout", "import", desk.write("+12125550123\n+12125550124\n"), *BY)
    out = desk.folder / name
    assert desk.said("optout", "export", str(out), *BY) == [f"2 in {out}. It holds numbers: keep it safe."]
    assert desk.audited()[-1] == ("Ana", "opt-outs seen")
    desk.said("optout", "remove", NUMBER, *BY)
    assert desk.said("optout", "import", str(out), *BY)[-1] == "1 entered, 1 on the list already."
