"""A position as an address, and back. Position lives in the URL and nowhere else, so Twilio's signature covers it.

`/call/at/es/compression-fracture/prep/2?slow=1` is "arrive there"; `/call/key/...` is a key pressed at the same place.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlencode

from ivr.errors import UnknownPlaceError
from ivr.line.nodes import Position, Told

TOLD = {str(told.value): told for told in Told}


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


SINCE = "since"
"""In the address of a key: when the place began to be heard."""


def write_address(verb: Verb, position: Position, since: str = "") -> str:
    """The path and query of a request at a position; `since` is when it began to be heard, for a key."""
    fields = {
        "tries": position.tries,
        "slow": "1" if position.slow else "",
        "origin": position.origin,
        "number": position.number,
        "attempt": position.attempt,
        "told": str(position.told.value) if position.told else "",
        SINCE: since,
    }
    query = urlencode({name: value for name, value in fields.items() if value}, safe="/")
    path = f"/call/{verb}/{position.language}/{position.node}"
    return f"{path}?{query}" if query else path


def read_position(language: str, node: str, fields: Mapping[str, str]) -> Position:
    """The position that an address names. Raises UnknownPlaceError for fields that no address of ours holds."""
    tries = fields.get("tries", "")
    if not re.fullmatch(r"(?:[sw][12]|[fn])?", tries):
        raise UnknownPlaceError(f"no such try: {tries!r}")
    told = fields.get("told", "0")
    if told not in TOLD:
        raise UnknownPlaceError(f"nothing is told under {told!r}")
    return Position(
        language=language,
        node=node,
        tries=tries,
        slow=fields.get("slow") == "1",
        origin=fields.get("origin", ""),
        number=fields.get("number", ""),
        attempt=fields.get("attempt", ""),
        told=TOLD[told],
    )
