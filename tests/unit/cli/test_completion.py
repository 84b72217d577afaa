"""What a shell completes, as it asks: verbs, scenarios, studies, paths, outcomes."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sim.cli import completion
from sim.files import data_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SCENARIO = "lebanon_withdrawal_1999_2000.yaml"
CODE = "from sim.cli.app import app; app(prog_name='escalade')"


def asked(*words: str, folder: Path) -> list[str]:
    """Return what bash is offered for a command line, the cursor at its end."""
    line = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=os.environ | line | {"_ESCALADE_COMPLETE": "complete_bash"},
    )
    assert done.stderr == ""
    return done.stdout.split()


def context(**params: Any) -> Any:
    """Return what a completion knows of the words before."""
    return SimpleNamespace(params=params, args=[])


def test_a_shell_is_answered(tmp_path: Path) -> None:
    """Verbs, scenarios and paths come as a shell wants them."""
    assert asked("escalade", "br", folder=tmp_path) == ["branch", "brief"]
    found = asked("escalade", "run", "iraq_2", folder=tmp_path)
    assert found == ["iraq_2019_2020"]
    path = "actors.united_states.tol"
    words = ("escalade", "run", "iraq_2019_2020", "--set", path)
    assert asked(*words, folder=tmp_path)[0] == "actors.united_states.tolerance="


def test_path_that_is_left_shows_its_value() -> None:
    """One path stands with and without its value, so that no space is put after it."""
    ctx = context(file="iraq_2019_2020")
    bare, full = completion.paths(ctx, "actors.united_states.tolerance")
    assert bare == "actors.united_states.tolerance="
    assert float(full.removeprefix(bare)) > 0.0
    several = completion.paths(ctx, "actors.united_states.")
    assert len(several) > 5
    assert all(path.endswith("=") for path in several)


def test_outcomes_go_on_after_a_comma() -> None:
    """A list of outcomes is completed at its end, and names none twice."""
    ctx = context(files=["e03_us_postures"])
    names = completion.outcomes(ctx, "n_raids_true,n_raids")
    assert "n_raids_true,n_raids" in names
    assert "n_raids_true,n_raids_true" not in names


def test_what_is_remembered_follows_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that changes is read again; one with a fault has outcomes all the same."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / SCENARIO
    file.write_text(data_folder("scenarios").joinpath(SCENARIO).read_text("utf-8"))
    ctx = context(file=SCENARIO)
    assert completion.paths(ctx, "actors.")
    file.write_text("nonsense: [", "utf-8")
    os.utime(file, (1, 1))
    assert completion.paths(ctx, "actors.") == []
    assert "n_raids" in completion.outcome(ctx, "n_raids")


def test_studies_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders with a manifest come first, here and in runs/."""
    monkeypatch.chdir(tmp_path)
    for name in ("runs/one", "two", "three"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("runs/one/manifest.json", "two/comparison.json"):
        (tmp_path / name).write_text("{}", "utf-8")
    assert completion.studies("") == ["runs/one", "two", "runs/", "three/"]
    assert completion.files("t") == ["three/", "two/"]
