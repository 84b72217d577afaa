"""The reference classes: their numbers follow from counts, and each has a use."""

from pathlib import Path
from typing import Any

import yaml
from scipy.stats import binomtest, chi2

from sim.outcomes import outcomes_for
from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.form import read_scenario
from sim.scenario.load import load

ROOT = Path(__file__).resolve().parents[2]
CLASSES = yaml.safe_load((ROOT / "seeds/reference_classes.yaml").read_text("utf-8"))[
    "classes"
]
SCENARIOS = ("iraq_endogenous_2019_2020", "lebanon_withdrawal_1999_2000")


def test_shares_of_classes_follow_from_their_counts() -> None:
    """Each share and rate is its count over its cases; intervals are the exact ones."""
    for name, row in CLASSES.items():
        if "count" not in row:
            continue
        k = row["count"]
        if "cases_years" in row:
            years, value = row["cases_years"], row["rate_per_year"]
            mean = k / years
            ends = (
                chi2.ppf(0.025, 2 * k) / (2 * years),
                chi2.ppf(0.975, 2 * k + 2) / (2 * years),
            )
        else:
            mean, value = k / row["cases"], row["share"]
            ends = tuple(binomtest(k, row["cases"]).proportion_ci(0.95, "exact"))
        for exact, given in (
            (mean, value),
            (ends[0], row["low"]),
            (ends[1], row["high"]),
        ):
            digits = max(2, len(str(given).partition(".")[2]))
            assert abs(exact - given) <= 0.6 * 10.0**-digits, (name, exact, given)


def test_each_class_says_what_it_is_for() -> None:
    """A class sets parameters that there are, stands beside an outcome, or does not."""
    known = {name for kind in KINDS.values() for name in parameter_table(kind)}
    outcomes = set(outcomes_for(load("iraq_2019_2020")))
    for name, row in CLASSES.items():
        assert row["meaning"], name
        cases = row["cases"] if name == "truces" else [row]
        assert all(case["sources"] for case in cases), name
        assert {"used_by", "beside", "note"} & row.keys(), name
        assert {p for p in row.get("used_by", []) if " " not in p} <= known, name
        assert row.get("beside", "both_struck_happened") in outcomes, name


def test_each_number_that_rests_on_a_class_is_named_by_one() -> None:
    """A parameter whose source is the reference classes is among what they set."""
    used = {name for row in CLASSES.values() for name in row.get("used_by", [])}
    for scenario in SCENARIOS:
        file: Any = read_scenario(ROOT / f"scenarios/{scenario}.yaml").data
        for actor, section in file["actors"].items():
            for name, entry in section.items():
                if isinstance(entry, dict) and "reference-classes" in str(
                    entry.get("source", "")
                ):
                    assert name in used, (scenario, actor, name)
