"""The terminal phone: a call by typed keys, for trying the line with no browser, for programs and golden calls."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import click

from ivr.phones.handset import Handset, HandsetEvent, OpenCall

SILENCE, AT_ONCE = "T", "!"
KEYS = frozenset("0123456789*#")


def read_keys(text: str) -> list[str]:
    """The keys in "1 # 9 T" or "1#9T"; "!2" is a 2 that is pressed at once, before anything can be heard. Raises
    click.BadParameter for anything that no telephone has."""
    keys = re.findall(rf"{AT_ONCE}?\S", text.upper())
    for key in keys:
        if key[-1] not in KEYS and key != SILENCE:
            raise click.BadParameter(f"no telephone has the key {key!r}. Keys are 0 to 9, *, # and T for silence.")
    return keys


def play_keys(handset: Handset, sid: str, caller: str, dialed: str, keys: Iterable[str]) -> Iterator[HandsetEvent]:
    """Everything that is heard in a call with these keys; the receiver goes down after the last."""
    call, heard = handset.call(sid, caller, dialed)
    yield from heard
    for key in keys:
        if call.over:
            return
        call, heard = _press_or_wait(handset, call, key)
        yield from heard
    handset.hang_up(call)


def run_interactively(
    handset: Handset, sid: str, caller: str, dialed: str, first: Iterable[str], show: Callable[[HandsetEvent], None]
) -> None:
    """Asks for each key. An empty line is silence; "q" hangs up."""
    click.echo("Keys: 0 to 9, *, #. An empty line is silence, q hangs up.")
    call, heard = handset.call(sid, caller, dialed)
    waiting = list(first)
    while True:
        for item in heard:
            show(item)
        if call.over:
            return
        typed = waiting.pop(0) if waiting else click.prompt("key", default="", show_default=False)
        if typed.strip().lower() == "q":
            handset.hang_up(call)
            return
        call, heard = _press_typed(handset, call, typed)


def _press_typed(handset: Handset, call: OpenCall, typed: str) -> tuple[OpenCall, list[HandsetEvent]]:
    try:
        keys = read_keys(typed) or [SILENCE]
    except click.BadParameter as fault:
        click.echo(fault.message)
        return call, []
    heard: list[HandsetEvent] = []
    for key in keys:
        call, more = _press_or_wait(handset, call, key)
        heard += more
    return call, heard


def _press_or_wait(handset: Handset, call: OpenCall, key: str) -> tuple[OpenCall, list[HandsetEvent]]:
    if key == SILENCE:
        return handset.wait(call)
    return replace(handset, hasty=key.startswith(AT_ONCE)).press(call, key[-1])
