"""`flask line …` prints and checks the line; `flask phone` calls it from a terminal. Thin over the core."""

import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from ivr.content import find_content_faults, make_lint_input
from ivr.line.clock import Clock
from ivr.line.language import SOURCE_LANGUAGE
from ivr.line.map import mermaid_map, text_map
from ivr.line.prompts import Utterance
from ivr.line.trace import trace
from ivr.parts import Content, spineline
from ivr.phones.handset import HandsetEvent, PersonAnswers
from ivr.phones.own_network import make_call_sid
from ivr.phones.terminal import play_keys, read_keys, run_interactively
from ivr.wiring import own_network
from ivr.wording.script import Words

line = AppGroup("line", help="What the line says, and where each key leads.")


@line.command("map")
@click.option("--mermaid", is_flag=True, help="As a picture for the README.")
@click.option("--reminders", is_flag=True, help="The picture of the calls that the clinic makes.")
def map_command(mermaid: bool, reminders: bool) -> None:
    """Print the whole call flow."""
    table = spineline().content.line
    click.echo(mermaid_map(table, reminders=reminders) if mermaid else text_map(table))


@line.command("check")
def check_command() -> None:
    """Prove that the line keeps its rules. (A line that does not says so at every start, with all its faults.)"""
    content = spineline().content
    faults = find_content_faults(content)
    for fault in faults:
        click.echo(str(fault))
    for code, reason in content.availability.closed.items():
        click.echo(f"{code} is closed: {reason}")
    count = f"{len(content.line.nodes)} nodes, {len(content.topics)} topics, {len(content.line.languages)} languages"
    click.echo(f"{count}: {len(faults)} faults.")
    if faults:
        raise SystemExit(1)


@line.command("clock")
def clock_command() -> None:
    """Measure a caller's time, from the clips as they are: who waits how long for what (RULES M9, M10)."""
    for row in write_clock(spineline().content):
        click.echo(row)


def write_clock(content: Content) -> Iterator[str]:
    """The table, row by row; seconds at normal pace."""
    clock = Clock(make_lint_input(content))
    yield f"{'':5}{'choice':>8}{'item':>8}{'again':>8}{'longest':>9}  where"
    for language in content.line.languages:
        row = clock.measure(language)
        yield f"{language:5}{row.choice:8.1f}{row.item:8.1f}{row.again:8.1f}{row.longest:9.1f}  {row.where}"
    yield f"The first page of languages lasts {clock.first_page():.1f} s."
    yield from (line for line in EXPLAINED)


EXPLAINED = (
    "choice: from pick-up to the end of that language's choice, nothing pressed (the first: at most 9 s; all: 90 s)",
    "item: from choosing to the end of the menu's first choice (at most 25 s in English, 35 s in the others)",
    "again: the same for somebody who was here before (at most 15 s)",
    "longest: what is heard before a key is waited for (at most 60 s)",
)


@line.command("facts")
@click.option("--language", default=SOURCE_LANGUAGE, help="In which language to show the words.")
def facts_command(language: str) -> None:
    """Print each fact, the clip that carries it, and the clip's words."""
    content = spineline().content
    if language not in content.line.languages:
        raise click.BadParameter(f"{language} is not open. Open are: {', '.join(content.line.languages)}.")
    names = content.availability.list_open_topics(content.topics, language)
    topics = [topic for topic in content.topics if topic.id in names]
    for fact, prompt, words in trace(topics, lambda utterance: _find_words(content.words, language, utterance)):
        click.echo(f"{fact.id}  {fact.says}")
        click.echo(f"    {prompt.id}")
        click.echo(textwrap.fill(words, 100, initial_indent="      ", subsequent_indent="      "))


def _find_words(words: Words, language: str, utterance: Utterance) -> str:
    return words.text(language, utterance)


@click.command("phone")
@with_appcontext
@click.option("--language", help="Choose this language first, as a caller would: by its key.")
@click.option(
    "--keys", help='Keys to press, "1 # 9 T": T is silence, !2 is pressed at once. Without it, the phone asks.'
)
@click.option("--from", "caller", default="", help="The caller's number, +1...; hidden if not given.")
@click.option("--to", "dialed", default="+12125550100", help="The number dialed.")
@click.option(
    "--person",
    type=click.Choice(["takes", "ignores", "busy", "no-answer"]),
    default="no-answer",
    help="What happens when the line rings the clinic.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each thing heard.")
def phone(language: str | None, keys: str | None, caller: str, dialed: str, person: str, as_json: bool) -> None:
    """Call the line from this terminal, and read what is heard."""
    app: Flask = cast(Any, current_app)._get_current_object()
    handset = own_network(app).make_handset(cast(PersonAnswers, person))
    first = _find_language_keys(language) if language else []
    show = _show_json if as_json else _show_text
    if keys is None:
        run_interactively(handset, make_call_sid(), caller, dialed, first, show)
        return
    for heard in play_keys(handset, make_call_sid(), caller, dialed, [*first, *read_keys(keys)]):
        show(heard)


def _find_language_keys(language: str) -> list[str]:
    """The keys that choose it: its page is reached with pound, in place of waiting for it."""
    table = spineline().content.line
    pages = [name for name in table.nodes if name == "welcome" or name.startswith("welcome-")]
    for turned, name in enumerate(pages):
        for choice in table.node(name).choices:
            if choice.move.language == language:
                return [*("#" * turned), choice.key]
    raise click.BadParameter(f"{language} is not open. Open are: {', '.join(table.languages)}.")


def _show_json(heard: HandsetEvent) -> None:
    click.echo(json.dumps(asdict(heard), ensure_ascii=False))


def _show_text(heard: HandsetEvent) -> None:
    click.echo(describe_event(heard))


def describe_event(heard: HandsetEvent) -> str:
    """One thing heard, as a line of text that a clinician can read."""
    words = {
        "node": f"\n[{heard.text}]",
        "play": f"  {heard.language}: {heard.text}  ({heard.seconds:.1f} s)",
        "say": f"  {heard.language} (the network's voice): {heard.text}",
        "pause": f"  ({heard.seconds:.0f} s of quiet)",
        "key": f"> {heard.text}",
        "silence": f"> nothing, for {heard.seconds:.0f} s",
        "dial": f"  (rings the clinic: {heard.text})",
        "staff": f"  staff hear: {heard.text}",
        "hangup": "  (the call ends)",
    }
    return words[heard.kind]
