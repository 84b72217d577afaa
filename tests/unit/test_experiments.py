"""The experiments of the checkout: their files are legal, their results are fresh."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from sim.errors import StudyError
from sim.scenario.load import find
from sim.scenario.strict_yaml import read
from sim.study.branching import refuse_runaway
from sim.study.digest import scenario_digest
from sim.study.plan import load_experiment
from sim.study.posterior import read_posterior
from sim.study.variant import Variant, variant_of

HERE = Path(__file__).parents[2] / "experiments"
FOLDERS = sorted(file.parent for file in HERE.glob("e*/experiment.yaml"))
CALIBRATIONS = sorted(file.parent for file in HERE.glob("c*/experiment.yaml"))
PARTS = ("Question", "Design", "Answer", "Result", "What would change our mind")
STATES = "actors.united_states."


@cache
def as_it_stands(name):
    """Return the digest of a shipped scenario, on its record where it has one."""
    return scenario_digest(variant_of(read(find(name)), Variant()))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_results_are_of_the_scenario_as_it_stands(folder):
    """The file passes every check; the manifest has the present scenario's digest."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    plan = load_experiment(folder)
    renew = f"its results are stale; renew them: python {manifest['command']}"
    assert manifest["scenario_digest"] == as_it_stands(plan.scenario.name), renew
    assert list(manifest["outcomes"]) == list(plan.outcomes), renew
    assert manifest["replications"] == plan.replications, renew
    file = (folder / "experiment.yaml").read_bytes()
    assert manifest["file_digest"] == sha256(file).hexdigest(), renew


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_folder_tells_question_and_answer(folder):
    """The README has every part, a table that was filled in, and figures that exist."""
    text = (folder / "README.md").read_text("utf-8")
    assert all(f"**{part}.**" in text for part in PARTS)
    assert "Looked at: " in text.partition("<!-- results: begin -->")[2]
    pictures = sorted(file.name for file in folder.glob("*.svg"))
    assert pictures
    assert all(f"]({name})" in text for name in pictures)
    assert f"[{folder.name}]({folder.name}/)" in (HERE / "README.md").read_text("utf-8")


@pytest.mark.parametrize("folder", CALIBRATIONS, ids=lambda folder: folder.name)
def test_a_calibration_is_of_the_scenario_as_it_stands(folder):
    """Its manifest has the present digests; its posterior is whole and shown."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    plan = load_experiment(folder)
    renew = f"its results are stale; renew them: python {manifest['command']}"
    assert manifest["scenario_digest"] == as_it_stands(plan.scenario.name), renew
    file = (folder / "experiment.yaml").read_bytes()
    assert manifest["file_digest"] == sha256(file).hexdigest(), renew
    posterior = read_posterior(folder / "posterior.parquet")
    assert posterior.digest == manifest["posterior_digest"]
    assert posterior.require(plan.scenario) == ""
    page = "".join(
        (HERE.parent / "docs" / f"{name}.md").read_text("utf-8")
        for name in ("validation", "likelihood")
    )
    assert all(f"| {told['label']} |" in page for told in posterior.parameters)
    assert f"[{folder.name}]({folder.name}/)" in (HERE / "README.md").read_text("utf-8")


def test_striking_at_every_attack_is_refused():
    """The reason that e03 and e09 have no such arm: the conflict feeds on itself."""
    changes = {f"{STATES}strike_share": 1, f"{STATES}strike_share_below": 1}
    document = read(find("iraq_endogenous_2019_2020"))
    with pytest.raises(StudyError, match="runs away"):
        refuse_runaway(variant_of(document, Variant(changes)))


def test_row_of_the_record_can_be_cancelled():
    """An arm drops rows of the record by id; what they caused stays, without cause."""
    document = read(find("iraq_from_july_2020"))
    whole, reduced = (
        variant_of(document, Variant(cancels=cancels))
        for cancels in ((), ("iq-2020-06-26-01",))
    )
    assert reduced.history is not None
    assert whole.history is not None
    rows = {row.identity: row for row in reduced.history.rows}
    assert len(rows) == len(whole.history.rows) - 1
    assert rows["iq-2020-06-26-02"].cause == ""
    assert reduced.digest != whole.digest
