"""The command that renews results: its verbs, its names, and where it writes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.experiment.load import load_experiment

if TYPE_CHECKING:
    from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "experiments"
FILE = FOLDER / "renew.py"


@pytest.fixture(scope="module")
def renew() -> ModuleType:
    """Return ``experiments/renew.py`` as a module."""
    spec = importlib.util.spec_from_file_location("renew", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_experiment_has_its_verb(renew: ModuleType) -> None:
    """Each folder with an experiment file is renewed by exactly one verb."""
    folders = [f for verb in renew.VERBS for f in renew.folders_of(verb).values()]
    assert sorted(folders) == sorted(f.parent for f in FOLDER.glob("*/experiment.yaml"))


def test_commands_of_manifests_are_ones_that_it_takes(
    renew: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command that a manifest tells leads back to the same folder."""
    called: list[Path] = []
    verbs = {
        verb: (lambda folder, _: called.append(folder), pattern)
        for verb, (_, pattern) in renew.VERBS.items()
    }
    monkeypatch.setattr(renew, "VERBS", verbs)
    for verb in verbs:
        for folder in renew.folders_of(verb).values():
            words = renew.command(verb, load_experiment(folder)).split()
            assert words[0] == "experiments/renew.py"
            renew.main(words[1:])
            assert called.pop() == folder
    renew.main(["all"])
    assert [folder.name[0] for folder in called] == ["c", "f", *"e" * (len(called) - 2)]


def test_unknown_name_is_refused_with_those_there_are(
    renew: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is no experiment of the verb ends with exit code 2 and the names."""
    with pytest.raises(SystemExit) as ended:
        renew.main(["run", "c01"])
    assert ended.value.code == 2
    assert "c01 is none of e01, e02" in capsys.readouterr().err


def test_section_is_put_between_its_marks_and_nowhere_else(
    renew: ModuleType, tmp_path: Path
) -> None:
    """What stands between the marks is replaced; a page without them is refused."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- t: begin -->\nold\n<!-- t: end -->\nb\n", "utf-8")
    renew.insert(r"new \1", page, "t")
    text = page.read_text("utf-8")
    assert text == "a\n<!-- t: begin -->\n\nnew \\1\n\n<!-- t: end -->\nb\n"
    with pytest.raises(ValueError, match="no place for 'results'"):
        renew.insert("new", page)
    assert page.read_text("utf-8") == text
