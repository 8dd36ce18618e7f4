"""A position survives its address, whatever it holds; an address that is not ours is refused."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.addresses import Verb, read_position, write_address
from ivr.errors import UnknownPlaceError
from ivr.line.nodes import Line, Position
from ivr.line.table import Plan, build_line
from ivr.wording.sources import read_topics
from tests.conftest import ROOT


def real_line() -> Line:
    codes = ("en", "es", "zh")
    return build_line(read_topics(ROOT / "ivr/line/topics"), Plan(codes, codes))


LINE = real_line()
NODES = sorted(LINE.nodes)
PLACES = [name for name in NODES if LINE.node(name).place]
POSITIONS = st.builds(
    Position,
    language=st.sampled_from(LINE.languages),
    node=st.sampled_from(NODES),
    tries=st.sampled_from(["", "s1", "s2", "w1", "w2"]),
    slow=st.booleans(),
    origin=st.sampled_from(["", *PLACES]),
    number=st.text(max_size=200),
)


@given(verb=st.sampled_from(list(Verb)), position=POSITIONS)
def test_every_position_comes_back_from_its_address(verb: Verb, position: Position) -> None:
    parts = urlsplit(write_address(verb, position))
    assert parts.path == f"/call/{verb.value}/{position.language}/{position.node}"
    assert read_position(position.language, position.node, dict(parse_qsl(parts.query))) == position


@given(position=POSITIONS)
def test_an_address_is_plain_ascii_that_nothing_on_the_way_has_to_rewrite(position: Position) -> None:
    text = write_address(Verb.AT, position)
    assert text.isascii()
    assert not set(text) & set(" <>\"'#\\^`{|}")


@pytest.mark.parametrize(
    ("position", "text"),
    [
        (Position("en", "welcome"), "/call/at/en/welcome"),
        (Position("es", "x/prep/2", slow=True), "/call/at/es/x/prep/2?slow=1"),
        (Position("es", "person", "s1", origin="x/prep/2"), "/call/at/es/person?tries=s1&origin=x/prep/2"),
        (Position("zh", "callback/save", number="ab-_"), "/call/at/zh/callback/save?number=ab-_"),
    ],
)
def test_an_address_can_be_read_by_people(position: Position, text: str) -> None:
    assert write_address(Verb.AT, position) == text


@pytest.mark.parametrize("tries", ["x", "s", "1", "s0", "s3", "w3", "S1", "s1 ", "s11", "s1\n", "１", "s1s1", "-1"])
def test_a_try_that_no_address_of_ours_holds_is_refused(tries: str) -> None:
    with pytest.raises(UnknownPlaceError, match="no such try"):
        read_position("en", "welcome", {"tries": tries})


@pytest.mark.parametrize("slow", ["", "0", "2", "yes", "true", "11"])
def test_only_one_word_means_slow(slow: str) -> None:
    assert read_position("en", "welcome", {"slow": slow, "unknown": "field"}) == Position("en", "welcome")
