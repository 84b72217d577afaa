"""Sentences about committed results say what the committed tables say."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from sim.engine.cast import Cast
from sim.engine.log import RecordType
from sim.experiment.load import load_experiment
from sim.forecasts.scoring import detectable
from sim.forecasts.yardstick import YARDSTICKS
from sim.scenario.load import load
from tests.benchmarks.micro_model import micro_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parents[3]
RESULTS = ROOT / "experiments"
FIT, ORIGINS = RESULTS / "c01_iraq_2019_2020", RESULTS / "f01_monthly_origins"
MODEL = "escalade"
WORDS = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve",
]  # fmt: skip
WINDOWS = 6

Row = dict[str, str]


def words_of(page: str) -> str:
    """Return the text of a page, in one line."""
    return " ".join((ROOT / page).read_text("utf-8").split())


@cache
def table(file: Path) -> list[Row]:
    """Read a table."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def fitted(name: str) -> Row:
    """Return the row of a statistic of the fit."""
    (row,) = (row for row in table(FIT / "targets.csv") if row["target"] == name)
    return row


def forecast(question: str, forecaster: str = MODEL) -> list[Row]:
    """Return the answers of a forecaster to a question, by origin."""
    rows = [
        row
        for row in table(ORIGINS / "scores.csv")
        if (row["question"], row["forecaster"]) == (question, forecaster)
    ]
    assert len(rows) == WINDOWS
    return sorted(rows, key=lambda row: row["origin"])


def percents(shares: Iterable[float]) -> str:
    """Write from where to where shares lie."""
    whole = [round(100 * share) for share in shares]
    return f"{min(whole)} to {max(whole)} %"


def chances(question: str) -> list[float]:
    """Return the model's chance of an event by origin; of a count, of one or more."""
    rows = forecast(question)
    if rows[0]["share_up_to"] == "":
        return [float(row["forecast"]) for row in rows]
    return [
        1.0 - float(row["share_up_to" if row["observed"] == "0" else "share_below"])
        for row in rows
    ]


def of_the_fit() -> list[str]:
    """Return what docs/validation.md says of c01."""
    plan = load_experiment(FIT)
    rows = table(FIT / "targets.csv")
    roles = [row["role"] for row in rows]
    ranks = [float(r["post._percentile"]) for r in rows if r["role"] == "fitted"]
    low, high = round(min(ranks)), round(max(ranks))
    weekly, stopped = fitted("weekly_dispersion"), fitted("n_thwarted")
    attempts = float(stopped["record"]) / float(fitted("share_thwarted")["record"])
    file = ROOT / "seeds" / "targets" / "iraq_2019_2020.yaml"
    answer = yaml.safe_load(file.read_text("utf-8"))["targets"][
        "raid_to_show_of_force_days"
    ]
    trend = float(fitted("salvo_trend")["record"])
    said = (FIT / "manifest.json").read_text("utf-8")
    particles = int(re.findall(r'"particles": (\d+)', said)[0])
    return [
        f"{WORDS[len(plan.factors)].capitalize()} parameters of the scenario",
        f"moves {particles:,} particles towards {WORDS[roles.count('fitted')]} stat",
        f"lie between the percentiles {low} and {high}",
        f"({float(weekly['record']):g}) than in "
        f"{round(100 - float(weekly['post._percentile']))} of 100 simulated",
        f"the record has more ({float(stopped['record']):g} of {attempts:.0f}) than "
        f"{int(float(stopped['post._percentile']))} in 100 histories",
        f"the same night ({answer['low']:g} to {answer['high']:.1f} days)",
        f"logarithm of the rounds {trend:.2f}".replace("-", "−"),
        f"{WORDS[len(YARDSTICKS)]} rules that need no model",
    ]


def of_the_origins() -> list[str]:
    """Return what the page of f01 says of its tables."""
    differences = table(ORIGINS / "differences.csv")
    outside = sum(float(r["low"]) > 0 or float(r["high"]) < 0 for r in differences)
    attacks = [float(row["forecast"]) for row in forecast("n_rocket_attacks")]
    deaths, strikes = forecast("a_coalition_death"), forecast("a_strike")
    came = [sum(row["observed"] == "1" for row in rows) for rows in (deaths, strikes)]
    in_march = [f"{100 * float(rows[2]['forecast']):.0f}" for rows in (deaths, strikes)]
    raids = chances("n_raids")
    refits = table(ORIGINS / "refits.csv")
    worth = [round(float(row["worth"])) for row in refits]
    windows = next(n for n in range(3, 99) if detectable(n) <= 0.5)
    return [
        f"{WORDS[len(YARDSTICKS)].capitalize()} yardsticks",
        f"{['none', 'one', 'two'][outside]} of {len(differences)} differences",
        f"smallest of the {WORDS[1 + len(YARDSTICKS)]} forecasters",
        f"only differences of {detectable(WINDOWS):.1f} standard deviations",
        f"expects {min(attacks):.0f} to {max(attacks):.0f} in each month",
        f"{percents(chances('a_coalition_death'))} a month for a death",
        f"{percents(chances('a_strike'))} for a strike, where {WORDS[came[0]]} of six "
        f"and {WORDS[came[1]]} of six months",
        f"surprised in March ({in_march[0]} and {in_march[1]} %)",
        f"a raid before May ({percents(raids[:4])})",
        f"{100 * raids[4]:.0f} % in May and {100 * raids[5]:.0f} % in June",
        f"{int(refits[0]['particles']):,} particles in {refits[0]['generations']} "
        f"generations, worth {min(worth)} to {max(worth)}",
        f"half a standard deviation takes {windows} months",
    ]


def of_forecasts() -> list[str]:
    """Return what docs/forecasts.md says of f01 and of what windows can show."""
    windows = next(n for n in range(3, 99) if detectable(n) <= 0.5)
    attacks = [int(row["attacks"]) for row in table(ORIGINS / "refits.csv")]
    return [
        f"that is {detectable(WINDOWS):.1f} standard deviations of the differences",
        f"half a standard deviation takes {windows} windows",
        f"with the {min(attacks)} to {max(attacks)} attacks before the six origins",
    ]


PAGES: dict[str, Callable[[], list[str]]] = {
    "docs/validation.md": of_the_fit,
    "experiments/f01_monthly_origins/README.md": of_the_origins,
    "docs/forecasts.md": of_forecasts,
}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_said_of_results_is_in_their_tables(page: str) -> None:
    """Each phrase stands on its page with the number that the tables give."""
    text = words_of(page)
    assert not [phrase for phrase in PAGES[page]() if phrase not in text]


def test_the_model_is_best_where_its_page_says_so() -> None:
    """Mean scores of attacks, deaths and raids are smallest, those of strikes not."""
    by_score: dict[tuple[str, str], dict[str, float]] = {}
    for row in table(ORIGINS / "summary.csv"):
        means = by_score.setdefault((row["question"], row["score"]), {})
        means[row["forecaster"]] = float(row["mean"])
    for (question, score), means in by_score.items():
        rules = {name: mean for name, mean in means.items() if name != MODEL}
        assert set(rules) == set(YARDSTICKS), score
        if question != "a_strike":
            assert means[MODEL] < min(rules.values()), (question, score)
            continue
        assert rules.pop("last_month") > means[MODEL], score
        assert max(rules.values()) < means[MODEL] + 0.005, score


def test_months_lie_where_the_page_says() -> None:
    """Within the intervals, below the constant rate; events rarer than by rules."""
    constant = forecast("n_rocket_attacks", "constant_rate")
    for ours, other in zip(forecast("n_rocket_attacks"), constant, strict=True):
        low, high = float(ours["low_5"]), float(ours["high_95"])
        assert low <= float(ours["observed"]) <= high
        assert 0.0 < float(other["forecast"]) - float(ours["forecast"]) < 1.5
    for question in ("a_coalition_death", "a_strike"):
        assert forecast(question)[2]["observed"] == "1"
        for name in YARDSTICKS:
            for ours, other in zip(
                forecast(question), forecast(question, name), strict=True
            ):
                assert float(ours["forecast"]) < float(other["forecast"])


STUDIES = sorted(file.parent for file in RESULTS.glob("e*/README.md"))


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_a_design_is_told_with_its_numbers(folder: Path) -> None:
    """How many arms, outcomes and replications there are is as in the file."""
    plan = load_experiment(folder)
    said = words_of(f"experiments/{folder.name}/README.md")
    design = said.partition("**Design.**")[2].partition("```")[0].lower()
    outcomes = re.findall(rf"({'|'.join(WORDS[2:])}) outcomes", design)
    assert outcomes == [WORDS[len(plan.outcomes)]]
    assert re.findall(r"([\d,]+)(?: coupled)? replications", design) == [
        f"{plan.replications:,}"
    ]
    if not plan.factors:
        arms = re.findall(rf"({'|'.join(WORDS[2:])}) arms", design)
        assert arms == [WORDS[len(plan.arms)]]


def test_the_codebook_counts_the_rows_of_its_files() -> None:
    """The table of files in seeds/README.md has as many rows, entries and scripts."""
    seeds = ROOT / "seeds"
    said = {
        name: int(rows)
        for name, rows in re.findall(
            r"^\| `([^`]+)` \|.*\| (\d+) \|$",
            (seeds / "README.md").read_text("utf-8"),
            re.MULTILINE,
        )
    }
    counted = {"derive/*.py": len(list(seeds.glob("derive/*.py")))}
    for name in said.keys() - counted.keys():
        if name.endswith(".csv"):
            counted[name] = len(table(seeds / name))
        else:
            file = yaml.safe_load((seeds / name).read_text("utf-8"))
            (entries,) = (part for part in file.values() if isinstance(part, dict))
            counted[name] = len(entries)
    assert counted == said
    assert len(said) == 11


def test_few_cases_of_fitted_counts_are_told() -> None:
    """Raids, strikes after a death and claims are as few as the codebook says."""
    cases = [
        int(float(fitted(name)["record"]))
        for name in ("n_raids", "n_air_strikes_after_death", "n_claims")
    ]
    one, two, three = (WORDS[n] for n in cases)
    assert (
        f"{one} fitted count is of a single case (raids), one of {two} (strikes after "
        f"a death) and one of {three} (claims)" in words_of("seeds/README.md")
    )


@pytest.mark.numba
def test_records_of_a_replication_are_counted() -> None:
    """Records and incidents of 200 replications are those of docs/performance.md."""
    pytest.importorskip("numba")
    from sim.engine.compiled.driver import CompiledDriver

    page = words_of("docs/performance.md")
    for name, scenario in (
        ("micro-model", micro_model()),
        ("`iraq_2019_2020`", load("iraq_2019_2020")),
    ):
        driver = CompiledDriver(Cast(scenario))
        n_records = n_incidents = 0
        for number in range(200):
            log = driver.rows(1, number).records  # lies where the next will
            n_records += len(log)
            n_incidents += int((log["record_type"] == RecordType.INCIDENT).sum())
        assert f"| {name} | {n_records / 200:,.0f} |" in page
        if name == "micro-model":
            assert f"about {n_incidents / 200:.0f} incidents" in page


def test_a_phrase_of_another_number_is_seen() -> None:
    """The planted fault: another weekly dispersion is another phrase."""
    row = fitted("weekly_dispersion")
    before = row["post._percentile"]
    row["post._percentile"] = "50"
    try:
        assert not all(p in words_of("docs/validation.md") for p in of_the_fit())
    finally:
        row["post._percentile"] = before
