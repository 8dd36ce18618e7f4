"""A caller's time: the table of `flask line clock`, from the clips that are there."""

import os

from ivr.commands.line import write_clock
from ivr.wiring import create_app


def bench() -> None:
    """Prints the table."""
    print("\nA caller's time, in seconds at normal pace")
    content = create_app({**os.environ, "SPINELINE_ENV": "local"}).extensions["spineline"].content
    for row in write_clock(content):
        print(row)
