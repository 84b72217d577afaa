"""The experiments of the checkout: their files are legal, their results are fresh.

``python experiments/renew.py`` renews the results.
"""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from sim.analytic.branching import refuse_runaway
from sim.errors import StudyError
from sim.experiment.load import load_experiment
from sim.experiment.posterior import read_posterior
from sim.experiment.variant import Variant, variant_of
from sim.forecasts.file import read_forecast
from sim.forecasts.forecast import MODEL
from sim.forecasts.origin import planned_origins, scoring_of
from sim.forecasts.score_table import score_page
from sim.forecasts.scoring import paired_differences, score_forecasts
from sim.pictures.evidence.calibration import PICTURES
from sim.pictures.evidence.rivals import PICTURES as RIVAL_PICTURES
from sim.scenario.form import read_scenario
from sim.scenario.history import record_of
from sim.scenario.load import find
from sim.statistics.count_distribution import CountDistribution
from sim.theories.page import TABLES
from sim.theories.structure import plan_of, theories_of

HERE = Path(__file__).parents[2] / "experiments"
FOLDERS = sorted(file.parent for file in HERE.glob("e*/experiment.yaml"))
CALIBRATIONS = sorted(file.parent for file in HERE.glob("c*/experiment.yaml"))
FORECASTS = sorted(file.parent for file in HERE.glob("f*/experiment.yaml"))
RIVALS = sorted(file.parent for file in HERE.glob("r*/experiment.yaml"))
PARTS = ("Question", "Design", "Answer", "Result", "What would change our mind")
STATES = "actors.united_states."


@cache
def as_it_stands(name):
    """Return the digest of a shipped scenario, on its record where it has one."""
    return variant_of(read_scenario(find(name)), Variant()).digest


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
def test_texts_are_joined_where_lines_end(folder):
    """A word that a line of the file breaks at its hyphen gets a space too many."""
    plan = load_experiment(folder)
    texts = [plan.question, *(text for a in plan.arms for text in (a.label, a.note))]
    assert not [text for text in texts if re.search(r"\w- \w", text)]


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
    text = (folder / "README.md").read_text("utf-8")
    assert all(f"]({name}.svg)" in text for name in PICTURES)
    assert all((folder / f"{name}.svg").is_file() for name in PICTURES)
    page = (HERE.parent / "docs" / "validation.md").read_text("utf-8")
    assert all(f"| {one['label']} |" in page for one in posterior.parameters)
    assert f"[{folder.name}]({folder.name}/)" in (HERE / "README.md").read_text("utf-8")


@pytest.mark.parametrize("folder", FORECASTS, ids=lambda folder: folder.name)
def test_forecasts_are_of_the_scenario_as_it_stands(folder):
    """Its manifest has the present digests; its forecasts are whole, and resolved."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    plan = load_experiment(folder)
    renew = f"its results are stale; renew them: python {manifest['command']}"
    assert manifest["scenario_digest"] == as_it_stands(plan.scenario.name), renew
    fitted = scoring_of(plan).calibration or plan
    for name, one in (("file_digest", plan), ("calibration_digest", fitted)):
        file = Path(one.path).read_bytes()
        assert manifest[name] == sha256(file).hexdigest(), renew
    kept = {file.stem: read_forecast(file) for file in folder.glob("forecasts/*.json")}
    told = {name: made.digest for name, made in kept.items()}
    assert told == manifest["forecasts"]
    digests = {
        planned.day: planned.scenario.digest for planned in planned_origins(plan)
    }
    assert all(one.scenario_digest == digests[one.origin] for one in kept.values())
    text = (folder / "README.md").read_text("utf-8")
    assert all(f"**{part}.**" in text for part in PARTS)
    scores = score_forecasts([*kept.values()], record_of(plan.scenario))
    page = score_page(scores, paired_differences(scores))
    assert page.partition("## ")[2].strip() in text
    assert f"[{folder.name}]({folder.name}/)" in (HERE / "README.md").read_text("utf-8")


@pytest.mark.parametrize("folder", RIVALS, ids=lambda folder: folder.name)
def test_rivals_are_of_the_scenario_as_it_stands(folder):
    """Its manifest has every theory's present digest; the page says signs first."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    plan = load_experiment(folder)
    renew = f"its results are stale; renew them: python {manifest['command']}"
    assert manifest["scenario_digest"] == as_it_stands(plan.scenario.name), renew
    file = (folder / "experiment.yaml").read_bytes()
    assert manifest["file_digest"] == sha256(file).hexdigest(), renew
    theories = {t.structure.name: t.scored.scenario.digest for t in theories_of(plan)}
    assert manifest["theories"] == theories, renew
    asked = Path(plan_of(plan).policy.experiment.path).read_bytes()
    assert manifest["policy_digest"] == sha256(asked).hexdigest(), renew
    text = (folder / "README.md").read_text("utf-8")
    results = text.partition("<!-- results: begin -->")[2]
    assert "**The sign of the answer differs" in results.partition("|")[0]
    assert all(f"]({name}.svg)" in text for name in RIVAL_PICTURES)
    assert all((folder / name).is_file() for name in TABLES)
    page = (HERE.parent / "docs" / "validation.md").read_text("utf-8")
    said = page.partition("<!-- rivals: begin -->")[2].partition("<!-- rivals: end")[0]
    assert all(part in results for part in said.strip().split("\n\n"))
    assert f"[{folder.name}]({folder.name}/)" in (HERE / "README.md").read_text("utf-8")


OPEN = sorted((HERE / "f02_after_the_record").rglob("*.json"))


@pytest.mark.parametrize("file", OPEN, ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_open_forecasts_are_whole_and_told(file):
    """A forecast that waits to be resolved is legal, begins after the record, and its
    numbers stand in the README.
    """
    one = read_forecast(file)
    assert one.origin.isoformat() == "2020-07-06"
    assert (one.end - one.origin).days == int(file.stem.split("-")[1])
    if one.forecaster == MODEL:
        fitted = read_posterior(file.parent)  # kept beside it: c01 may be fitted again
        assert one.posterior_digest == fitted.digest
    text = (HERE / "f02_after_the_record" / "README.md").read_text("utf-8")
    attacks = one.answers["n_rocket_attacks"]
    assert isinstance(attacks, CountDistribution)
    assert f" {attacks.mean:.1f} [" in text


def test_without_tolerance_a_strike_brings_as_many_as_e03_says():
    """No tolerance at all feeds on itself, and is refused; the page has the number."""
    document = read_scenario(find("iraq_endogenous_2019_2020"))
    changed = variant_of(document, Variant({f"{STATES}tolerance": 0.001}))
    page = " ".join((HERE / "e03_us_postures" / "README.md").read_text("utf-8").split())
    with pytest.raises(StudyError, match=r"one incident causes ([\d.]+)") as refused:
        refuse_runaway(changed, advise=False)
    ratio = re.search(r"one incident causes ([\d.]+)", str(refused.value))
    assert ratio is not None
    assert f"one direct strike would bring {ratio[1]} others" in page


def test_row_of_the_record_can_be_cancelled():
    """An arm drops rows of the record by id; what they caused stays, without cause."""
    document = read_scenario(find("iraq_from_july_2020"))
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
