"""Numbers in the prose of the pages are counted by code, and compared with the page."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from sim.experiment.load import load_experiment
from sim.ladder import ACTS, Act
from sim.outcomes import OUTCOMES
from sim.scenario.load import load, shipped_scenarios

if TYPE_CHECKING:
    from sim.scenario.scenario import Cited, Scenario

ROOT = Path(__file__).resolve().parents[2]
BLIND = ROOT / "tests" / "data" / "blind"
IRAQ, FITTED, JULY, LEBANON = (
    "iraq_2019_2020",
    "iraq_calibrated_2019_2020",
    "iraq_from_july_2020",
    "lebanon_withdrawal_1999_2000",
)
WORDS = {2: "two", 5: "five", 12: "twelve", 13: "thirteen"}


@cache
def scenario(name: str) -> Scenario:
    """Return a shipped scenario."""
    return load(name)


def of_basis(name: str, *bases: str) -> list[Cited]:
    """Return the numbers of a scenario with some bases."""
    return [row for row in scenario(name).cited if row.basis in bases]


def distinct(rows: list[Cited]) -> int:
    """Count numbers once where several actors share them: same name, same value."""
    return len({(row.path.rpartition(".")[2], row.value) for row in rows})


@cache
def claims() -> list[tuple[str, str]]:
    """Return each page with a phrase of it, its numbers counted here."""
    every = len(scenario(IRAQ).cited)
    assumed = len(of_basis(IRAQ, "assumed"))
    read = of_basis(IRAQ, "coded", "measured")
    fitted = of_basis(FITTED, "calibrated")
    fit = load_experiment("c01_iraq_2019_2020")
    from_lebanon = of_basis(LEBANON, "coded", "measured")
    history = scenario(JULY).history
    assert history is not None
    left = scenario(JULY).horizon - history.since
    handed = {
        given.site
        for given in scenario(IRAQ).given
        if given.act.name == "BASE_HANDOVER"
    }
    twin = yaml.safe_load((BLIND / f"{IRAQ}.yaml").read_text("utf-8"))
    screening = load_experiment("e02_screening")
    ranges = {row.path: row.basis for row in scenario(IRAQ).cited}
    by_range = Counter(ranges[factor.paths[0]] for factor in screening.factors)
    n_factors, n_sites = len(screening.factors), len(scenario(IRAQ).sites)
    shared = f"{len(read)} of its numbers ({distinct(read)} distinct ones"
    scales = sum(name.startswith("goldstein") for name in OUTCOMES) // 2
    days = {name: f"{scenario(name).horizon:g} days" for name in shipped_scenarios()}
    return [
        ("README.md", f"{assumed} of {every} in `{IRAQ}`"),
        ("docs/validation.md", shared),
        ("docs/validation.md", f"the {assumed} assumed ones"),
        ("docs/tutorial.md", f"{every} numbers: {assumed} assumed"),
        (
            "experiments/f01_monthly_origins/README.md",
            f"{len(read)} of the scenario's {every} numbers ({distinct(read)} distinct",
        ),
        ("docs/model.md", f"{WORDS[scales]} outcomes add them up"),
        ("docs/model.md", f"enter {WORDS[scales]} outcomes"),
        ("scenarios/README.md", f"of {IRAQ} {round(100 * assumed / every)} in 100"),
        (
            "scenarios/README.md",
            f"{len(fitted)} numbers of {WORDS[len(fit.factors)]} parameters",
        ),
        (
            "scenarios/README.md",
            f"{len(from_lebanon)} of {len(scenario(LEBANON).cited)} numbers",
        ),
        (
            "scenarios/README.md",
            f"{WORDS[n_sites].capitalize()} sites, {WORDS[len(handed)]} of which",
        ),
        ("scenarios/README.md", f"The {left:g} days after"),
        (
            "scenarios/README.md",
            f"{len(twin['gone'])} of the paths that had been typed",
        ),
        ("scenarios/README.md", f"{len(history.rows)} rows of the record"),
        *(("scenarios/README.md", days[name]) for name in (IRAQ, LEBANON)),
        (
            "experiments/e02_screening/README.md",
            f"{by_range['assumed']} of the {n_factors} ranges are assumed",
        ),
        ("experiments/e02_screening/README.md", f"{n_factors} factors over"),
    ]


@pytest.mark.parametrize("number", range(18))
def test_a_number_in_prose_is_what_code_counts(number: int) -> None:
    """Each phrase stands on its page with the number as it is counted now."""
    page, phrase = claims()[number]
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert phrase in text, f"{page} does not say: {phrase}"


def test_every_claim_is_held() -> None:
    """The parameters above cover the list, and a wrong number would be seen."""
    assert len(claims()) == 18
    page, phrase = claims()[0]
    text = " ".join((ROOT / page).read_text(encoding="utf-8").split())
    assert f"1{phrase}" not in text


def test_july_is_as_its_page_says() -> None:
    """It has the record put in up to its day, no hand-over rate, and nothing after."""
    july = scenario(JULY)
    assert july.history is not None
    assert all(row.time < july.history.since for row in july.history.rows)
    assert not [given for given in july.given if given.time >= july.history.since]
    assert not [change for change in july.changes if change.time >= july.history.since]
    rates = [getattr(actor.params, "handover_rate", 0.0) for actor in july.actors]
    assert set(rates) == {0.0}


def test_storming_is_off_where_e01_says_so() -> None:
    """A storming is put in there, and the rule that would make one is off."""
    plan = load_experiment("e01_red_line").scenario
    endogenous = scenario("iraq_endogenous_2019_2020")
    assert Act.EMBASSY_STORMING in plan.exogenous
    assert Act.EMBASSY_STORMING in {given.act for given in plan.given}
    assert Act.EMBASSY_STORMING not in endogenous.exogenous
    for actors in (plan.actors, endogenous.actors):
        borne = [getattr(actor.params, "storming_deaths", 1e5) for actor in actors]
        assert min(borne) < 100.0  # so that the list alone tells the two apart


def test_each_scale_has_its_outcome() -> None:
    """Both Goldstein weights of an act are read by an outcome."""
    scales = {name for name in ACTS[1]._fields if name.startswith("goldstein")}
    read = {name.partition("_per_week")[0] for name in OUTCOMES if "goldstein" in name}
    assert read == scales


@pytest.mark.parametrize("name", [IRAQ, "iraq_endogenous_2019_2020", JULY, LEBANON])
def test_what_was_not_read_is_assumed(name: str) -> None:
    """Shares that are 1 by construction, and a rate over an assumed will."""
    by_construction = [
        row for row in scenario(name).cited if "reported by construction" in row.note
    ]
    assert by_construction
    curbs = [r for r in scenario(name).cited if r.path.endswith(".restriction_rate")]
    assert {row.basis for row in (*by_construction, *curbs)} == {"assumed"}


EXPERIMENTS = sorted(file.parent for file in ROOT.glob("experiments/e*/README.md"))


@pytest.mark.parametrize("folder", EXPERIMENTS, ids=lambda folder: folder.name)
def test_a_page_says_that_its_scenario_is_provisional_where_it_is(folder: Path) -> None:
    """A checked scenario is not called provisional, a provisional one always."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    is_provisional = load_experiment(folder).scenario.status == "provisional"
    says = "The scenario is provisional" in text or "**Caveats.** As in e03" in text
    assert says == is_provisional


@pytest.mark.parametrize("folder", EXPERIMENTS, ids=lambda folder: folder.name)
def test_a_number_quoted_with_its_parameter_is_the_scenarios(folder: Path) -> None:
    """What doubts and caveats say as `parameter` number is a value of the scenario."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    doubts = text.partition("**What would change our mind.**")[2]
    known: dict[str, set[float]] = {}
    for actor in load_experiment(folder).scenario.actors:
        for name, value in actor.params._asdict().items():
            known.setdefault(name, set()).add(value)
    for name, number in re.findall(
        r"`([a-z_]+)`\s(\d+(?:\.\d+)?)(?=[\s,;.)]|$)", doubts
    ):
        assert name in known, f"no actor of the scenario has {name}"
        assert float(number) in known[name], f"{name} is not {number}"
