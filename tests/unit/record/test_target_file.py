"""The file of targets: read whole, or refused with every fault and its line."""

from dataclasses import replace
from pathlib import Path

import pytest

from sim.errors import ScenarioError, SourceError
from sim.record.targets import Target, targets_for
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
FILE = SEEDS / "targets" / "iraq_2019_2020.yaml"


@pytest.fixture(scope="module")
def shipped() -> Scenario:
    """Return the scenario that the record speaks of."""
    return load("iraq_2019_2020")


def targets_of(folder: Path, shipped: Scenario, text: str) -> tuple[Target, ...]:
    """Return the targets of a scenario beside which a text lies."""
    (folder / "targets.yaml").write_text(text, "utf-8")
    scenario = replace(shipped, folder=str(folder), targets="targets.yaml")
    return targets_for(scenario)


HEAD = "schema: 1\nstart: 2019-10-28\nend: 2020-07-06\n"
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
SMALLEST = """schema: 1
targets:
  attacks: {role: fitted, meaning: attacks, outcome: n_rocket_attacks}
"""


def test_what_is_optional_may_be_left_out(tmp_path: Path, shipped: Scenario) -> None:
    """A file with all numbers is taken at its word."""
    (target,) = targets_of(tmp_path, shipped, HEAD + ONE)
    assert (target.value, target.standard_error, target.n) == (1.0, 1.2, 1)
    assert target.note == ""


def test_value_that_is_left_out_is_measured(tmp_path: Path, shipped: Scenario) -> None:
    """It is that of the record, by the code that measures replications."""
    (target,) = targets_of(tmp_path, shipped, SMALLEST)
    (counted,) = [t for t in targets_for(shipped) if t.name == "n_rocket_attacks"]
    assert (target.value, target.unit) == (counted.value, "incidents")
    assert target.low != target.low  # no interval is known


def test_part_of_a_period_is_not_measured(tmp_path: Path, shipped: Scenario) -> None:
    """A record that ends before the scenario gives no statistic of the whole."""
    rows = "id,date,date_end,act,actor\n,2019-10-28,2020-02-29,coverage,\n"
    (tmp_path / "events.csv").write_text(rows, "utf-8")
    scenario = replace(shipped, record="events.csv")
    with pytest.raises(SourceError, match="is coded up to 2020-03-01 only"):
        targets_of(tmp_path, scenario, SMALLEST)


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
        .replace("    meaning: raids\n", "")
        .replace("    unit: raids", "    unit: raids\n    unt: raids")
    )
    with pytest.raises(SourceError) as caught:
        targets_of(tmp_path, shipped, text)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{tmp_path / 'targets.yaml'}: 6 faults"
    expected = (
        ("line 5 ", "targets.n_raids.meaning ", "is missing"),
        ("line 6 ", "targets.n_raids.role", "roles: fitted, checked; did you mean"),
        ("line 8 ", "targets.n_raids.outcome", "did you mean 'n_raids'?"),
        ("line 10 ", "targets.n_raids.unt", "unknown field; did you mean 'unit'?"),
        ("line 11 ", "targets.n_raids.value", "'many' is not a number"),
        ("line 13 ", "targets.n_raids.low", "9 is above high, 5.6"),
    )
    for line, words in zip(lines[1:], expected, strict=True):
        assert all(word in line for word in words), line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "targets   is missing"),
        (ONE, "schema   is missing"),
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
        (HEAD + ONE + "    note: 2020-01-01x: y\n", "line 20"),
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
    with pytest.raises(SourceError) as caught:
        targets_of(tmp_path, shipped, text)
    assert message in str(caught.value)


def test_rows_without_their_table_are_refused(
    tmp_path: Path, shipped: Scenario
) -> None:
    """A file that names rows needs the table that they stand in."""
    lost = replace(shipped, record="events.csv")
    with pytest.raises(ScenarioError, match="is no file beside the scenario"):
        targets_of(tmp_path, lost, FILE.read_text("utf-8"))
