"""A bench for tests of the workshop: copies of `locales/` and of the topic to change, and the commands on them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from ivr.line import phrases
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Utterance
from ivr.parts import Spineline
from ivr.wiring import create_app
from ivr.wording.standing import map_sections
from tests.conftest import ROOT
from tests.topics import SHIPPED_FOLDER, SHIPPED_TOPICS

LOCALES = ROOT / "locales"
TOPICS = SHIPPED_TOPICS
PROMPTS = [*phrases.PHRASES.values(), *(prompt for topic in TOPICS for prompt in topic.prompts())]
FOR_CALLERS = [prompt for prompt in PROMPTS if prompt.audience is Audience.CALLER]
SECTIONS = map_sections(TOPICS, PROMPTS)
TRANSLATED = [code for code in LANGUAGES if code != "en"]
AFTER = "compression-fracture.after"
"""The section whose words the tests change."""


@dataclass(frozen=True)
class Bench:
    """One test's own locales and topics in `folder`, and a line that reads them. Its audio folder is empty."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def locales(self) -> Path:
        return self.folder / "locales"

    @property
    def topic(self) -> Path:
        return self.folder / "topics" / "compression-fracture.toml"

    def catalog(self, code: str) -> Path:
        return self.locales / code / "LC_MESSAGES" / "spineline.po"

    def back(self, code: str) -> Path:
        return self.locales / code / "back-translation.po"

    def ear(self, code: str) -> Path:
        return self.locales / code / "by-ear.po"

    def line(self, *codes: str, **settings: str) -> Flask:
        """The app with these languages; with every language of the line where none is named."""
        wanted = " ".join(codes or LANGUAGES)
        folders = {"LOCALES_FOLDER": str(self.locales), "TOPICS_FOLDER": str(self.topic.parent)}
        audio = {"AUDIO_FOLDER": str(self.folder / "audio"), "LANGUAGES": wanted}
        return create_app({**self.environment, **folders, **audio, **settings})

    def run(self, *words: str, languages: str = "en", **settings: str) -> tuple[int, str]:
        """`flask languages …`, each time in a line of its own, as at a shell: exit code, and what was said."""
        app = self.line(*languages.split(), **settings)
        result = app.test_cli_runner().invoke(args=["languages", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    def heard(self, code: str, *prompts: str, **settings: str) -> list[str]:
        """What callers hear for these prompts now."""
        words = parts(self.line("en", code, **settings)).content.words
        return [words.text(code, Utterance(prompt)) for prompt in prompts]

    def files(self, code: str) -> dict[str, bytes]:
        """Every file of a language, byte for byte."""
        found = sorted((self.locales / code).rglob("*.*"))
        return {str(path.relative_to(self.locales)): path.read_bytes() for path in found}


def parts(app: Flask) -> Spineline:
    found: Spineline = app.extensions["spineline"]
    return found


def set_up(folder: Path, environment: Mapping[str, str]) -> Bench:
    """A bench with the locales and the topic as they ship."""
    shutil.copytree(LOCALES, folder / "locales")
    shutil.copytree(SHIPPED_FOLDER, folder / "topics")
    return Bench(folder, environment)


def put(path: Path, old: str, new: str) -> None:
    """Changes a file at the one place where `old` stands."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


def line_of(path: Path, prompt: str) -> int:
    """The line of a prompt's msgid, where faults point."""
    lines = path.read_text("utf-8").splitlines()
    return lines.index(f'msgctxt "{prompt}"') + 2


def field(path: Path, prompt: str, name: str = "msgstr") -> str:
    """The msgstr (or msgid) of a prompt."""
    lines = path.read_text("utf-8").splitlines()
    return next(
        line.removeprefix(f'{name} "').removesuffix('"').replace('\\"', '"')
        for line in lines[lines.index(f'msgctxt "{prompt}"') :]
        if line.startswith(f"{name} ")
    )


def rewrite(path: Path, prompt: str, text: str, name: str = "msgstr") -> str:
    """Puts other words in a prompt's msgstr (or msgid), as a translator does in an editor. Returns the old ones."""
    old = field(path, prompt, name)
    lines = path.read_text("utf-8").split("\n")
    start = lines.index(f'msgctxt "{prompt}"')
    at = next(number for number in range(start, len(lines)) if lines[number].startswith(f"{name} "))
    escaped = text.replace('"', '\\"')
    lines[at] = f'{name} "{escaped}"'
    path.write_text("\n".join(lines), "utf-8")
    return old


def finish(path: Path, prompt: str, text: str) -> None:
    """Translates a prompt anew: other words, no longer fuzzy, as an editor saves them."""
    rewrite(path, prompt, text)
    lines = path.read_text("utf-8").split("\n")
    start = lines.index(f'msgctxt "{prompt}"')
    head = max(number for number in range(start) if not lines[number])
    kept = [line for line in lines[head:start] if not line.startswith("#|")]
    kept = [line.replace("#, fuzzy, ", "#, ") for line in kept if line != "#, fuzzy"]
    path.write_text("\n".join([*lines[:head], *kept, *lines[start:]]), "utf-8")
