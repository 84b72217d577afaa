"""Whatever is changed in a study's folder, its report is made or refused in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import SimError, StudyError
from sim.reports.report import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

EXPERIMENT = """\
schema: 1
id: small
question: Does it matter?
scenario: iraq_2019_2020
root_seed: 3
replications: 2
until: 5
outcomes: [n_rocket_attacks_true]
factors:
  evidence:
    path: actors.united_states.evidence
    levels: [0.2, 0.6]
design:
  kind: grid
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small sweep."""
    room = tmp_path_factory.mktemp("damaged")
    file = room / "small" / "experiment.yaml"
    file.parent.mkdir()
    file.write_text(EXPERIMENT, "utf-8")
    words = ["sweep", str(file), "--workers", "1", "--out", str(room / "out")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return room / "out"


def damaged(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield copies of data, each with one value missing or of another type."""
    names = list(data) if isinstance(data, dict) else range(len(data))
    for name in names:
        place = ".".join(map(str, (*at, name)))
        for value in (..., None, 3, "x", [], {}):
            copy = json.loads(json.dumps(data))
            if value is ...:
                del copy[name]
            elif type(value) is type(data[name]):
                continue
            else:
                copy[name] = value
            yield place, copy
        if isinstance(data[name], dict | list):
            for below, value in damaged(data[name], (*at, name)):
                copy = json.loads(json.dumps(data))
                copy[name] = value
                yield below, copy


def test_a_damaged_manifest_of_a_sweep(swept: Path) -> None:
    """No change of a field ends in an error that is not ours."""
    file = swept / "manifest.json"
    whole = file.read_bytes()
    n_refused = 0
    try:
        for place, data in damaged(json.loads(whole)):
            if place.startswith(("parts.", "versions.")):
                continue
            file.write_text(json.dumps(data), "utf-8")
            try:
                page_of(swept, "")
            except SimError:
                n_refused += 1
            except Exception as error:
                pytest.fail(f"{place}: {error!r}")
    finally:
        file.write_bytes(whole)
    assert n_refused > 50


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "table.csv is damaged: No columns"),
        (b"\xff\xfe", "table.csv is not UTF-8"),
        (b"a,b\n1,2\n", "lacks the column arm"),
        (b'arm\n"', "table.csv is damaged"),
    ],
)
def test_a_damaged_table_of_a_sweep(swept: Path, content: bytes, said: str) -> None:
    """The refusal names the file and what is missing."""
    file = swept / "table.csv"
    whole = file.read_bytes()
    try:
        file.write_bytes(content)
        with pytest.raises(StudyError, match=said):
            page_of(swept, "")
    finally:
        file.write_bytes(whole)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"arms": 3}', b"\xff"])
def test_a_damaged_comparison(tmp_path: Path, content: bytes) -> None:
    """The refusal names the file."""
    (tmp_path / "comparison.json").write_bytes(content)
    with pytest.raises(StudyError, match=r"comparison\.json is"):
        page_of(tmp_path, "")
