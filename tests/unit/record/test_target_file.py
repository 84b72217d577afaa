"""The file of targets: read whole, or refused with every fault and its line."""

from pathlib import Path

import pytest

from sim.errors import SourceError
from sim.record.targets import targets_for
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
FILE = SEEDS / "targets.yaml"


@pytest.fixture(scope="module")
def shipped() -> Scenario:
    """Return the scenario that the record speaks of."""
    return load("iraq_2019_2020")


def seeds_with(tmp_path: Path, text: str) -> Path:
    """Return a folder of seeds whose targets are a text."""
    (tmp_path / "incidents").mkdir()
    rows = SEEDS / "incidents" / "iraq_2019_2020.csv"
    (tmp_path / "incidents" / rows.name).write_bytes(rows.read_bytes())
    (tmp_path / "targets.yaml").write_text(text, "utf-8")
    return tmp_path


HEAD = "schema: 1\nrecord: iraq_2019_2020\nstart: 2019-10-28\nend: 2020-07-06\n"
ONE = """targets:
  n_raids:
    role: checked
    role_note: none
    meaning: raids
    outcome: n_raids
    unit: raids
    value: 1
    standard_error: 1.2
    low: 0.02
    high: 5.6
    n: 1
    method: counted
    source: record-derived
    derive: custody.py
    used_to_set: []
"""


def test_the_smallest_file_is_read(tmp_path: Path, shipped: Scenario) -> None:
    """What is optional may be left out."""
    seeds = seeds_with(tmp_path, HEAD + ONE)
    (target,) = targets_for(shipped, seeds=seeds)
    assert (target.value, target.standard_error, target.n) == (1.0, 1.2, 1)
    assert target.note == ""


def test_all_faults_are_named_at_once_with_their_lines(
    tmp_path: Path, shipped: Scenario
) -> None:
    """Six faults of a file are six lines of one message."""
    text = (
        (HEAD + ONE)
        .replace("role: checked", "role: chequed")
        .replace("outcome: n_raids", "outcome: n_rads")
        .replace("value: 1", "value: many")
        .replace("low: 0.02", "low: 9")
        .replace("    n: 1\n", "")
        .replace("    unit: raids", "    unit: raids\n    unt: raids")
    )
    seeds = seeds_with(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        targets_for(shipped, seeds=seeds)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{seeds / 'targets.yaml'}: 6 faults"
    expected = (
        ("line 6 ", "targets.n_raids.n ", "is missing"),
        ("line 7 ", "targets.n_raids.role", "roles: fitted, checked; did you mean"),
        ("line 10 ", "targets.n_raids.outcome", "did you mean 'n_raids'?"),
        ("line 12 ", "targets.n_raids.unt", "unknown field; did you mean 'unit'?"),
        ("line 13 ", "targets.n_raids.value", "'many' is not a number"),
        ("line 15 ", "targets.n_raids.low", "9 is above high, 5.6"),
    )
    for line, words in zip(lines[1:], expected, strict=True):
        assert all(word in line for word in words), line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "targets   is missing"),
        (ONE, "4 faults"),
        ("- 1\n", "a list is not a mapping"),
        (HEAD + "targets: [1]\n", "a list is not a mapping"),
        (HEAD.replace("schema: 1", "schema: 2") + ONE, "2 is not a known schema"),
        (
            HEAD + ONE.replace("used_to_set: []", "used_to_set: iraq"),
            "'iraq' is not a list",
        ),
        (HEAD + ONE.replace("used_to_set: []", "used_to_set: [1]"), "1 is not text"),
        (HEAD + ONE.replace("_error: 1.2", "_error: -1"), "-1 is below 0"),
        (HEAD + ONE.replace("n: 1", "n: 1.5"), "1.5 is not a whole number"),
        (HEAD + ONE.replace("value: 1", "value: true"), "true is not a number"),
        (HEAD + ONE + "    without: [2]\n", "without.0   2 is not a mapping"),
        (
            HEAD + ONE + "    without: [{rows: []}]\n",
            "without.0.standard_error   is missing",
        ),
        (HEAD + ONE + "    value: 2\n", "is given twice"),
        (HEAD + ONE + "    note: 2020-01-01x: y\n", "line 21"),
        (
            HEAD + ONE + "    without: [{rows: [iq-1], value: 1, standard_error: 1, "
            "low: 1, high: 1, n: 1}]\n",
            "iraq_2019_2020.csv has no row iq-1",
        ),
    ],
)
def test_a_malformed_file_is_refused(
    tmp_path: Path, shipped: Scenario, text: str, message: str
) -> None:
    """Each fault is said in words, and none is a traceback."""
    seeds = seeds_with(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        targets_for(shipped, seeds=seeds)
    assert message in str(caught.value)


def test_rows_without_their_table_are_refused(
    tmp_path: Path, shipped: Scenario
) -> None:
    """A file that names rows needs the table that they stand in."""
    seeds = seeds_with(tmp_path, FILE.read_text("utf-8"))
    (seeds / "incidents" / "iraq_2019_2020.csv").unlink()
    with pytest.raises(SourceError, match="which does not exist"):
        targets_for(shipped, seeds=seeds)
