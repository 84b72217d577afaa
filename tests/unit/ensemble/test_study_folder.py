"""The folder of a study is taken or refused, held, and sealed or said to be broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.provenance import MANIFEST_SCHEMA
from sim.ensemble.study_folder import StudyFolder, folder_for, read_manifest
from sim.errors import StudyError
from tests import builders

MANIFEST: dict[str, Any] = {
    "schema": MANIFEST_SCHEMA,
    "run_digest": "a" * 64,
    "scenario": {
        "name": "test",
        "digest": "d" * 64,
        "title": "A test",
        "status": "checked",
        "file": "test.yaml",
    },
    "root_seed": 1,
    "until_days": 3.0,
    "rules_digest": "c" * 64,
}


@pytest.fixture
def folder(tmp_path: Path) -> StudyFolder:
    """Return a folder that is not there yet."""
    return StudyFolder(tmp_path / "study", "a" * 64)


def state_of(folder: StudyFolder) -> Any:
    """Return what its manifest says."""
    return (read_manifest(folder.path) or {}).get("state")


def test_a_study_runs_and_is_sealed(folder: StudyFolder) -> None:
    """The manifest says running before anything else, and complete with every part."""
    assert folder.take() is None
    with folder.held(), folder.sealed(MANIFEST) as results:
        assert state_of(folder) == "running"
        (folder.path / "outcomes").mkdir()
        (folder.path / "outcomes" / "part-00000.parquet").write_bytes(b"part")
        (folder.path / "outcomes" / ".part-00001.parquet.9.writing").write_bytes(b"x")
        results["n_failed"] = 2
    manifest = folder.take()
    assert manifest is not None
    assert (manifest["state"], manifest["n_failed"]) == ("complete", 2)
    assert list(manifest["parts"]) == ["outcomes/part-00000.parquet"]
    assert not list(folder.path.rglob("*.writing"))


def test_a_study_that_ends_early_is_broken_off(folder: StudyFolder) -> None:
    """Whatever ends it, the manifest says so and keeps what was known."""
    folder.take()
    with pytest.raises(KeyboardInterrupt), folder.held(), folder.sealed(MANIFEST):
        raise KeyboardInterrupt
    assert state_of(folder) == "broken off"
    assert folder.take() is not None


def test_another_study_is_refused_by_what_it_is(folder: StudyFolder) -> None:
    """The refusal names scenario, its digest, root_seed, length and rules."""
    folder.take()
    with folder.held(), folder.sealed(MANIFEST):
        pass
    with pytest.raises(StudyError) as caught:
        StudyFolder(folder.path, "b" * 64).take()
    assert str(caught.value) == (
        f"{folder.path} holds another run (scenario test, digest dddddddddddd, "
        "root_seed 1, 3.0 days, rules cccccccccccc); name another folder, or none: "
        "each run and study finds its own"
    )


def test_one_that_became_anothers_meanwhile_is_refused(folder: StudyFolder) -> None:
    """What was taken is looked at again once it is held."""
    other = StudyFolder(folder.path, "b" * 64)
    assert folder.take() is other.take() is None
    with other.held(), other.sealed(MANIFEST | {"run_digest": other.digest}):
        pass
    with pytest.raises(StudyError, match="holds another run"), folder.held():
        pass


def test_a_file_and_a_foreign_folder_are_refused(tmp_path: Path) -> None:
    """Neither is written into."""
    (tmp_path / "letter.txt").write_text("dear")
    for path, said in ((tmp_path, "'letter.txt'"), (tmp_path / "letter.txt", "file")):
        with pytest.raises(StudyError, match=said):
            StudyFolder(path, "a" * 64).take()
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_each_study_has_a_folder_of_its_own() -> None:
    """Without a name it goes to `runs/`, under its own name and digest."""
    assert folder_for(None, "x", "ab" * 32).path == Path("runs/x-abababababab")
    assert folder_for("here", "x", "ab" * 32).path == Path("here")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"replications": 3}, "replications"),
        ({"replications": {"first": "x", "count": 3}}, "replications.first"),
        ({"replications": {"first": -1, "count": 3}}, "replications.first"),
        ({"root_seed": "1"}, "root_seed"),
        ({"root_seed": -1}, "root_seed"),
        ({"until_days": None}, "until_days"),
        ({"parts": ["x"]}, "parts"),
        ({"parts": {"x": 3}}, "parts.x"),
        ({"scenario": "iraq"}, "scenario"),
        ({"scenario": {"name": 3}}, "scenario.name"),
        ({"versions": 3, "schema": 0}, "versions"),
        ({"git": {"commit": []}}, "git.commit"),
    ],
)
def test_a_damaged_manifest_names_its_field(
    folder: StudyFolder, change: dict[str, Any], said: str
) -> None:
    """Whatever type a field has, the refusal names it."""
    folder.path.mkdir()
    file = folder.path / "manifest.json"
    file.write_text(json.dumps(MANIFEST | change))
    with pytest.raises(StudyError) as caught:
        folder.take()
    assert f"{file} is damaged: {said}: " in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no JSON"),
        (b"[]", "is damaged"),
        (b"\xff", "is not UTF-8"),
        (b'{"a":' * 100_000, "is nested too deeply"),
    ],
)
def test_what_is_no_manifest_is_refused(
    folder: StudyFolder, content: bytes, said: str
) -> None:
    """The refusal names the file, and why."""
    folder.path.mkdir()
    (folder.path / "manifest.json").write_bytes(content)
    with pytest.raises(StudyError, match=said):
        folder.take()


def test_a_part_that_was_changed_is_made_again(tmp_path: Path) -> None:
    """It may be whole and of this run: what was recorded of it decides."""
    scenario = builders.ticking(0.3, horizon=20.0)
    out = tmp_path / "run"
    run_ensemble(scenario, replications=150, out=out)
    file = out / "outcomes" / "part-00000.parquet"
    whole, table = file.read_bytes(), pq.read_table(file)
    place = table.schema.get_field_index("n_rocket_attacks")
    column = table.schema.field(place)
    more = pa.array([x + 1 for x in table[place].to_pylist()], column.type)
    other = table.set_column(place, column, more)
    pq.write_table(other, file)
    assert pq.read_schema(file).metadata == table.schema.metadata
    run_ensemble(scenario, replications=150, out=out)
    assert file.read_bytes() == whole


def test_a_refusal_names_what_differs(folder: StudyFolder) -> None:
    """The record that was changed, or the root_seed; of equal ones what is left."""
    there = MANIFEST | {"files": {"record": "a" * 64}}
    folder.take()
    with folder.held(), folder.sealed(there):
        pass
    other = StudyFolder(folder.path, "b" * 64)
    for change, said in (
        ({"files": {"record": "c" * 64}}, "differs in the file of its record;"),
        ({"root_seed": 2}, "differs in the root_seed;"),
        ({}, "differs in points, priors, targets, arms or size;"),
    ):
        with pytest.raises(StudyError, match=said):
            other.take(lambda change=change: there | change)
