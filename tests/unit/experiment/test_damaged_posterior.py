"""A posterior's file that is damaged is refused by what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sim.errors import StudyError
from sim.experiment.posterior import KEY, read_posterior

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "experiments" / "c01_iraq_2019_2020" / "posterior.parquet"


def told() -> dict[str, Any]:
    """Return what the shipped posterior tells of itself."""
    return json.loads(pq.read_schema(SHIPPED).metadata[KEY])


def written(file: Path, metadata: dict[bytes, bytes]) -> Path:
    """Write the shipped posterior with other metadata."""
    pq.write_table(pq.read_table(SHIPPED).replace_schema_metadata(metadata), file)
    return file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8: byte 0xff at 0"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"{", "is no JSON"),
        (b"[]", "is damaged"),
        (b"null", "is damaged"),
    ],
)
def test_metadata_that_is_no_object(tmp_path: Path, content: bytes, said: str) -> None:
    """The refusal names the file, its metadata and the reason."""
    file = written(tmp_path / "x.parquet", {KEY: content})
    with pytest.raises(StudyError) as caught:
        read_posterior(file)
    assert f"{file}, metadata escalade.posterior, {said}" in str(caught.value)


@pytest.mark.parametrize("value", [None, 3, "x", [], [3], {}])
@pytest.mark.parametrize("name", ["parameters", "scenario", "scenario_digest"])
def test_a_field_of_another_type(tmp_path: Path, name: str, value: object) -> None:
    """The refusal names the field."""
    if isinstance(value, str) and name != "parameters":
        return
    made = told() | {name: value}
    file = written(tmp_path / "x.parquet", {KEY: json.dumps(made).encode()})
    with pytest.raises(StudyError, match=f"is damaged: {name}"):
        read_posterior(file)


@pytest.mark.parametrize("name", ["name", "label", "paths", "unit", "prior"])
@pytest.mark.parametrize("value", [None, 3, [3], {}])
def test_a_field_of_a_parameter(tmp_path: Path, name: str, value: object) -> None:
    """The refusal names the parameter's place and the field; so if it is missing."""
    for is_missing in (False, True):
        made = told()
        if is_missing:
            del made["parameters"][1][name]
        else:
            made["parameters"][1][name] = value
        file = written(tmp_path / "x.parquet", {KEY: json.dumps(made).encode()})
        with pytest.raises(StudyError, match=f"parameters.1.{name}"):
            read_posterior(file)


def test_metadata_that_are_missing(tmp_path: Path) -> None:
    """A Parquet file of somebody else's is no posterior."""
    with pytest.raises(StudyError, match="is no posterior of escalade calibrate"):
        read_posterior(written(tmp_path / "x.parquet", {b"pandas": b"{}"}))


def test_a_column_of_words(tmp_path: Path) -> None:
    """The refusal names the column."""
    table = pq.read_table(SHIPPED)
    place = table.column_names.index("weight")
    words = table.set_column(place, "weight", [["x"] * len(table)])
    pq.write_table(words, tmp_path / "x.parquet")
    with pytest.raises(StudyError, match="column weight holds what is no number"):
        read_posterior(tmp_path / "x.parquet")
