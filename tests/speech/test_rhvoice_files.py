"""RHVoice's files are whole before a word is spoken from them, and what cannot be had is told in words, all at once.

Small programs stand for apt-get and dpkg-deb, and a small package for PyPI's: no test goes out.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.errors import Fault, SpeechError, VoiceFilesError
from ivr.line.languages import LANGUAGES
from ivr.speech.engines import rhvoice_files
from ivr.speech.engines.rhvoice_files import Package, digest, fetch, main

Apt = Callable[..., None]
DEB = b"library and Polish, packed"
FOLDERS = {"lib": ("lib.so", "the library"), "languages/Polish": ("rules", "Polish"), "voices/alicja": ("v", "Alicja")}
RUSSIAN = {"languages/Russian": ("rules", "Russian"), "voices/elena": ("v", "Elena")}
MIRROR = "Debian mirror:/debian"


def lay(folder: Path, content: dict[str, tuple[str, str]]) -> None:
    for part, (name, words) in content.items():
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / name).write_text(words)


@pytest.fixture(autouse=True)
def _small_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One Debian package and one of PyPI, each a few letters long."""
    lay(tmp_path / "right", {**FOLDERS, **RUSSIAN})
    monkeypatch.setattr(
        rhvoice_files, "HASHES", {part: digest(tmp_path / "right" / part) for part in (*FOLDERS, *RUSSIAN)}
    )
    package = Package(
        release="bookworm",
        name="voice",
        version="1",
        sha256=hashlib.sha256(DEB).hexdigest(),
        files={f"usr/{part}": part for part in FOLDERS},
    )
    monkeypatch.setattr(rhvoice_files, "PACKAGES", (package,))
    monkeypatch.setattr(rhvoice_files, "PYPI_PACKAGE", "a_package_of_russian")
    lay(tmp_path / "packages" / "a_package_of_russian" / "data", RUSSIAN)
    (tmp_path / "packages" / "a_package_of_russian" / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path / "packages")
    rhvoice_files.check.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "voices" / "rhvoice"


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apt:
    """Puts an apt-get and a dpkg-deb before the machine's own: `apt(...)` says what they bring."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")

    def install(deb: bytes = DEB, mirror: str = MIRROR, *, fails: bool = False) -> None:
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "voice_1_amd64.deb").write_bytes(deb)
        lay(tmp_path / "packed" / "usr", FOLDERS)
        download = "echo no such version >&2; exit 100" if fails else f'cp "{tmp_path}/voice_1_amd64.deb" .'
        cases = f'case "$*" in *indextargets*) echo "{mirror}";; *download*) {download};; esac'
        write("apt-get", f'echo "$@" >> "{tmp_path}/asked"', cases)
        write("dpkg-deb", f'mkdir -p "$3"; cp -r "{tmp_path}/packed/usr" "$3/"')

    def write(name: str, *lines: str) -> None:
        program = tmp_path / "bin" / name
        program.write_text("\n".join(["#!/bin/sh", *lines, ""]))
        program.chmod(0o755)

    install()
    return install


def faults(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(VoiceFilesError) as caught:
        list(fetch(folder))
    return caught.value.faults


def test_everything_is_brought_and_named_and_the_second_time_nothing_is(folder: Path, apt: Apt, tmp_path: Path) -> None:
    assert list(fetch(folder)) == [folder / part for part in (*FOLDERS, *RUSSIAN)]
    assert {part: digest(folder / part) for part in rhvoice_files.HASHES} == rhvoice_files.HASHES
    commands = (tmp_path / "asked").read_text()
    assert "download --quiet voice=1" in commands
    assert list(fetch(folder)) == []
    assert (tmp_path / "asked").read_text() == commands


def test_only_a_damaged_folder_is_brought_again(folder: Path, apt: Apt, tmp_path: Path) -> None:
    list(fetch(folder))
    commands = (tmp_path / "asked").read_text()
    (folder / "voices" / "elena" / "more").touch()
    assert list(fetch(folder)) == [folder / "voices" / "elena"]
    assert (tmp_path / "asked").read_text() == commands
    assert list(fetch(folder)) == []


def test_a_whole_folder_is_spoken_from_and_a_damaged_one_refused_with_what_to_do(folder: Path, apt: Apt) -> None:
    list(fetch(folder))
    rhvoice_files.check("pl", folder)
    (folder / "voices" / "elena" / "v").write_text("half")
    with pytest.raises(SpeechError, match=r"elena is damaged\. Delete it, and run: make rhvoice$"):
        rhvoice_files.check("ru", folder)


def test_a_package_that_is_not_the_one_that_was_meant_is_not_unpacked(folder: Path, apt: Apt) -> None:
    apt(b"another")
    words = "What came for voice is not the package that was meant (its hash differs)."
    assert faults(folder) == (Fault("Debian's packages", words),)
    assert not (folder / "lib").exists()
    assert (folder / "voices" / "elena").is_dir()


def test_a_folder_that_is_not_the_one_that_was_meant_is_not_put_into_place(
    folder: Path, apt: Apt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rhvoice_files, "HASHES", {**rhvoice_files.HASHES, "lib": "0" * 64})
    assert faults(folder) == (Fault("lib", "What came is not what was meant (its hash differs)."),)
    assert not (folder / "lib").exists()


def test_where_apt_fails_or_knows_no_debian_that_is_said(folder: Path, apt: Apt) -> None:
    apt(fails=True)
    assert faults(folder) == (Fault("Debian's packages", "apt-get failed (no such version)."),)
    apt(mirror="Ubuntu mirror:/ubuntu")
    (told,) = faults(folder)
    assert told.words == "This machine's apt knows no mirror of Debian: run `make rhvoice` on Debian 12 or later."


def test_all_that_cannot_be_had_is_told_at_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr(rhvoice_files, "PYPI_PACKAGE", "no_package_anywhere")
    assert [(fault.place, fault.words.split(":")[0]) for fault in faults(folder)] == [
        ("Debian's packages", "There is no apt-get here"),
        ("PyPI's package", "no_package_anywhere is not installed. Run"),
    ]


def test_the_command_says_what_it_brought_and_fails_with_all_faults(
    folder: Path, apt: Apt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rhvoice_files, "fetch", lambda: fetch(folder))
    main()
    told = capsys.readouterr().out.splitlines()
    assert (told[0], told[-1]) == ("rhvoice/lib is in place.", "RHVoice is ready in ru, pl.")
    (folder / "lib" / "lib.so").unlink()
    apt(fails=True)
    with pytest.raises(SystemExit, match=r"^Not all files of the voices could be brought \(1\):"):
        main()


def test_a_digest_sees_each_files_name_and_content(tmp_path: Path) -> None:
    for name, content in (("a", {"x": "1"}), ("b", {"x": "2"}), ("c", {"y": "1"}), ("d", {"x": "1"})):
        (tmp_path / name).mkdir()
        for file, words in content.items():
            (tmp_path / name / file).write_text(words)
    first, other, renamed, same = (digest(tmp_path / name) for name in "abcd")
    assert first == same
    assert len({first, other, renamed}) == 3


# --- The real files --------------------------------------------------------------------------------------------------


def test_each_voice_of_a_row_has_hashes_and_each_hash_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    named = {row.voices["rhvoice"] for row in LANGUAGES.values() if "rhvoice" in row.voices}
    assert named == set(rhvoice_files.VOICES)
    wanted = {part for code in rhvoice_files.list_languages() for part in rhvoice_files.list_folders(code)}
    assert wanted == set(rhvoice_files.HASHES)
    hashes = [*rhvoice_files.HASHES.values(), *(package.sha256 for package in rhvoice_files.PACKAGES)]
    assert [found for found in hashes if not re.fullmatch(r"[0-9a-f]{64}", found)] == []
    assert len(set(hashes)) == len(hashes)


def test_where_the_real_files_are_they_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    there = [code for code in rhvoice_files.list_languages() if rhvoice_files.is_present(code)]
    if not there:
        pytest.skip("RHVoice's files are not here: make rhvoice")
    for code in there:
        rhvoice_files.check(code, rhvoice_files.FOLDER)
