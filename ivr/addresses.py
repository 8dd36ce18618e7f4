"""A position as an address, and back. Position lives in the URL and nowhere else, so Twilio's signature covers it.

`/call/at/es/compression-fracture/prep/2?slow=1` is "arrive there"; `/call/key/...` is a key pressed at the same place.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlencode

from ivr.errors import UnknownPlaceError
from ivr.line.nodes import Position


class Verb(StrEnum):
    """What a request at a position means."""

    AT = "at"
    """The call arrives there."""
    KEY = "key"
    """The caller pressed keys there."""
    DIALED = "dialed"
    """The attempt to reach a person from there has ended."""
    WHISPER = "whisper"
    """The clinic's phone was answered: tell that person who is calling."""
    TAKEN = "taken"
    """The person at the clinic pressed a key."""


def write_address(verb: Verb, position: Position) -> str:
    """The path and query of a request at a position."""
    fields = {
        "tries": position.tries,
        "slow": "1" if position.slow else "",
        "origin": position.origin,
        "number": position.number,
        "attempt": position.attempt,
    }
    query = urlencode({name: value for name, value in fields.items() if value}, safe="/")
    path = f"/call/{verb}/{position.language}/{position.node}"
    return f"{path}?{query}" if query else path


def read_position(language: str, node: str, fields: Mapping[str, str]) -> Position:
    """The position that an address names. Raises UnknownPlaceError for fields that no address of ours holds."""
    tries = fields.get("tries", "")
    if not re.fullmatch(r"(?:[sw][12]|f)?", tries):
        raise UnknownPlaceError(f"no such try: {tries!r}")
    rest = (fields.get(name, "") for name in ("origin", "number", "attempt"))
    return Position(language, node, tries, fields.get("slow") == "1", *rest)
