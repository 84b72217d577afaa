"""Write into README.md what the model answers to the article's two questions.

::

    python generators/question.py                       100 draws of 40 replications
    python generators/question.py --draws 400 --workers 4
    python generators/question.py --words               the sentences, from what was run

The article (op-ed-2020-07-05) advises Washington to tread lightly and show support, and
says that there is bound to be further pushback from Tehran. Asked are the arms of
``experiments/e10_lightly_or_hard`` in coupled worlds, with every number that has a
range, and that no arm sets, drawn from it: the draws and worlds of `escalade compare
e10_lightly_or_hard --draws 100 -n 40`. Results go to ``draws.json`` beside that
experiment; what the numbers give as shipped is read from ``summary.csv`` of it and of
e08. Finished draws are kept below ``runs/question``: what was broken off goes on.
"""

from __future__ import annotations

import argparse
import json
import re
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.comparison.arms import ArmRunner
from sim.comparison.as_shipped import differences_as_shipped
from sim.comparison.range_draws import FROM_RANGES, RangeTask, range_draws
from sim.comparison.ranking import rank_arms
from sim.comparison.under_draws import Drawn, DrawnArms, run_drawn_arms
from sim.digest import run_digest
from sim.digits import figure, interval_text, markdown_table, short
from sim.experiment.load import load_experiment
from sim.experiment.parameter_draw import ranged_factors
from sim.outcomes import OUTCOMES
from sim.reports.headline import (
    Beside,
    count_word,
    mostly_of_strikes,
    shipped_text,
    verdict_word,
)
from sim.reports.policies import drawn_numbers
from sim.reports.rivals import sides_text, sides_told
from sim.rules.registry import KINDS
from sim.statistics.interval import wilson
from sim.statistics.rank_correlation import correlated, detectable_correlation
from sim.statistics.variance import error_budget
from sim.verbs.studies.arms import arms_asked

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROOT: Final = Path(__file__).resolve().parents[1]
README: Final = ROOT / "README.md"
EXPERIMENT: Final = ROOT / "experiments" / "e10_lightly_or_hard"
PUSHBACK: Final = ROOT / "experiments" / "e08_pushback"
RIVALS: Final = ROOT / "experiments" / "r01_rival_theories" / "policy.csv"
RESULTS: Final = EXPERIMENT / "draws.json"
CODED, ADVICE, HARD = "as_coded", "tread_lightly", "wait_and_hit_hard"
AUTHORITY: Final = "authority_end_true"
FOUND: Final = {
    "n_rocket_attacks_true": "rocket attacks",
    "n_killed_civilian_true": "civilian dead",
    "n_coalition_deaths_true": "coalition deaths in rocket attacks",
    AUTHORITY: "the government's authority at the end",
}
"""What ranks, and follows from no policy's definition."""
DEADLY: Final = ("n_rocket_attacks_true", "n_killed_civilian_true")
"""Attacks, and those who die by them and by strikes."""
BUILT: Final = {
    "n_strikes_true": "strikes",
    "n_killed_militia_true": "militia dead",
    "direct_exchange_happened_true": "direct exchanges between the states",
}
"""Which the advice has none of, since it never strikes."""
DIFFERENCES: Final = (*FOUND, *BUILT)
WHOLE: Final = "all of them, by construction"
SHIPPED: Final = " with the numbers as shipped"
PROBABILITIES: Final = (
    "pushback_within_30_days_true", "pushback_within_90_days_true",
    "pushback_within_90_days",
)  # fmt: skip
QUESTIONS: Final = (
    "Should Washington tread lightly and show support?",
    "Is further pushback from Tehran bound to come?",
)
BLOCK: Final = re.compile(
    r"(?<=<!-- question: begin -->\n).*?(?=<!-- question: end -->)", re.DOTALL
)


# Running it.


def drawn_study(n_draws: int, replications: int, workers: int, folder: Path) -> Drawn:
    """Run all arms under the same draws, in the same worlds."""
    asked = arms_asked([EXPERIMENT], {}, KINDS)
    experiment = load_experiment(EXPERIMENT)
    sources, scenarios = asked.sources, asked.scenarios
    set_by_arms = {p for source in sources.values() for p in source.variant.changes}
    factors = ranged_factors(experiment.document, scenarios[CODED])
    task = RangeTask(
        sources,
        tuple(one for one in factors if one.paths[0] not in set_by_arms),
        experiment.root_seed,
    )
    seed, until = experiment.root_seed, experiment.until
    digest = task.digest(run_digest(s, seed, until) for s in scenarios.values())
    draws, n_refused = range_draws(
        task=task,
        n_draws=n_draws,
        replications=replications,
        digest=digest,
        workers=workers,
        folder=folder,
    )
    arms = DrawnArms(scenarios, draws, seed, until, task.arms)
    names = (*DIFFERENCES, *PROBABILITIES)
    drawn = run_drawn_arms(arms, names, workers=workers, engine="compiled")
    return Drawn(drawn.values, drawn.draws, n_refused, drawn.n_failed)


def measured(drawn: Drawn, shipped: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the sentences need of a study, and of the numbers as shipped."""
    experiment = load_experiment(EXPERIMENT)
    seed = experiment.root_seed
    differences: dict[str, dict[str, Any]] = {HARD: {}, CODED: {}}
    for (other, by), name in product(differences.items(), DIFFERENCES):
        advice, its = (drawn.values[name][arm] for arm in (ADVICE, other))
        first, _ = rank_arms({ADVICE: advice, other: its})
        by[name] = _budget(advice - its, drawn, seed) | {
            "other": float(its.mean()),
            "less_in": [first.share, first.low, first.high],
        }
    return {
        "experiment": experiment.name,
        "scenario": experiment.scenario.name,
        "values": experiment.scenario.digest,
        "root_seed": seed,
        "draws": len(drawn.draws.values),
        "replications_per_draw": drawn.draws.replications,
        "parameters_drawn": drawn.draws.origin["parameters"],
        "draws_refused": drawn.n_refused,
        "failed": drawn.n_failed,
        "differences": differences,
        "as_shipped": shipped,
        "probabilities": {
            name: _budget(drawn.values[name][CODED], drawn, seed)
            for name in PROBABILITIES
        },
    }


def as_shipped() -> list[dict[str, Any]]:
    """Return the differences with the scenario's numbers as they stand."""
    experiment = load_experiment(EXPERIMENT)
    runner = ArmRunner(
        arms_asked([EXPERIMENT], {}, KINDS).scenarios,
        experiment.root_seed,
        experiment.until,
    )
    outcomes = {name: OUTCOMES[name] for name in FOUND}
    arms = runner.run(range(experiment.replications))
    return differences_as_shipped(arms, outcomes, experiment.root_seed)


def _budget(values: NDArray[np.float64], drawn: Drawn, seed: int) -> dict[str, Any]:
    budget = error_budget(values, seed)
    mean = budget.mean
    return {
        "mean": [mean.value, mean.low, mean.high],
        "parameters": [budget.low, budget.high],
        "is_resolved": budget.is_resolved,
        "hangs_on": hangs_on(values.mean(axis=1), drawn.draws.values),
    }


def hangs_on(means: NDArray[np.float64], draws: Any) -> list[list[Any]]:
    """Return the parameters that the means of draws rise or fall with, the first first.

    Spearman's rank correlation, where its interval leaves out 0.
    """
    named, _ = correlated(drawn_numbers(pd.DataFrame(list(draws))), means)
    return [[path, round(rho, 3)] for path, rho in named]


# Saying it.


def sentences(results: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return what is said on either question."""
    differences, probabilities = results["differences"], results["probabilities"]
    experiment = load_experiment(EXPERIMENT)
    hard = differences[HARD]
    soon, quarter, seen = (probabilities[name] for name in PROBABILITIES)
    shipped = {name: _shipped(name, "both") for name in PROBABILITIES}
    without = _shipped(PROBABILITIES[1], "neither")
    said = [
        "The last rows hold by construction, and are no finding: the advice forgoes "
        "strikes, and in the model nothing else brings these about. "
        "Civilian dead include those killed in strikes: a part of their difference is "
        "by construction too, and no outcome tells how much."
        + mostly_of_strikes(*(hard[x]["mean"][0] / hard[x]["other"] for x in DEADLY)),
        *_otherwise_as_shipped(results),
        f"Taken for granted: {' '.join(experiment.assumptions)}",
        *_rivals(),
        "The lead over waiting and hitting hard in civilian dead "
        f"{_hangs(hard['n_killed_civilian_true'], results)}; that in rocket attacks "
        f"{_hangs(hard['n_rocket_attacks_true'], results)}.",
    ]
    return said, [
        f"{_verdict(quarter)}: within 90 days of 6 July 2020 Iran orders an attack, "
        "threatens, accuses or strikes with probability "
        f"{shipped[PROBABILITIES[1]]} as shipped, {_probability(quarter)}; within 30 "
        f"days {shipped[PROBABILITIES[0]]}, {_probability(soon)}.",
        "Orders are secret; what the press sees comes within 90 days "
        f"with probability {shipped[PROBABILITIES[2]]} as shipped, "
        f"{_probability(seen)}.",
        f"The probability for 30 days {_hangs(soon, results)}; without the raid in "
        "the night to 26 June and the permit rule of 3 June that for 90 days would "
        f"still be {without}, "
        "and `loss_tolerance`, `curb_loss` and `pushback_days` of Iran were assumed "
        "from the article's own forecast: this says what the forecast means in "
        "numbers, not whether it is right.",
    ]


OTHERS: Final = {HARD: "waiting and hitting hard", CODED: "carrying on as before"}
"""The policies that the advice is held against, in words."""


def opening(results: dict[str, Any]) -> str:
    """Return what the advice comes to against either policy, one sentence."""
    experiment = load_experiment(EXPERIMENT)
    days = experiment.until - experiment.scenario.since
    verdicts = {
        called: _verdict_against(results["differences"][other])
        for other, called in OTHERS.items()
    }
    against = [
        f"{verdict} than {' and than '.join(names)}"
        for verdict, names in groupby(verdicts, verdicts.__getitem__)
    ]
    return (
        f"In the model, over {days:g} days from 6 July 2020, treading lightly and "
        f"showing support comes out {' and '.join(against)}. By how much, in the mean "
        f"of {results['draws']} parameter draws, and in how many of them:"
    )


def table(results: dict[str, Any]) -> str:
    """Return each outcome under the advice beside either other policy, Markdown.

    That first of which most draws tell the sign, last what follows by construction.
    """
    differences = results["differences"]
    surest = sorted(FOUND, key=lambda name: -_sureness(differences[HARD][name]))
    heads = ["outcome"]
    for called in OTHERS.values():
        heads += [f"against {called}", "in the draws"]
    rows = [
        [FOUND[name], *(c for x in OTHERS for c in _cells(differences[x], name))]
        for name in surest
    ]
    rows += [
        [
            label,
            *(c for x in OTHERS for c in (_fewer(differences[x][name], name), WHOLE)),
        ]
        for name, label in BUILT.items()
    ]
    return markdown_table(heads, rows)


def _is_told(one: dict[str, Any]) -> bool:
    """Say whether the interval of a mean leaves out 0."""
    _, low, high = one["mean"]
    return not low <= 0.0 <= high


def _sureness(one: dict[str, Any]) -> float:
    """Return the share of draws that have the sign of the mean; 0 if none is told."""
    less = one["less_in"][0]
    return max(less, 1.0 - less) if _is_told(one) else 0.0


def _cells(by: dict[str, Any], name: str) -> tuple[str, str]:
    """Write a difference with its interval and size, and what the draws say of it."""
    one = by[name]
    is_share = name == AUTHORITY
    mean, low, high = one["mean"]
    scale, unit = (100.0, " points") if is_share else (1.0, "")
    text = figure(scale * mean, scale * (high - low) / 2.0, signed=True)
    level = short(scale * one["other"])
    change = f"{text}{unit} ({interval_text(scale * low, scale * high)}) of {level}"
    between = _between(one, scale).removeprefix("; ")
    if not _is_told(one):
        return change, "; ".join(x for x in ("no difference told", between) if x)
    less = one["less_in"]
    word, share, *ends = ("lower" if is_share else "fewer", *less)
    if mean > 0.0:
        word = "higher" if is_share else "more"
        share, *ends = (1.0 - less[k] for k in (0, 2, 1))
    ends_text = interval_text(*(100.0 * x for x in ends))
    of = f"{word} in {100.0 * share:.0f} % ({ends_text} %)"
    return change, "; ".join(x for x in (of, between) if x)


def _verdict_against(by: dict[str, Any]) -> str:
    """Return whether the advice does better than another policy, and how clearly."""
    clear = [name for name in FOUND if _is_told(by[name])]
    if not clear:
        return "neither better nor worse"
    better = {(by[name]["mean"][0] < 0.0) != (name == AUTHORITY) for name in clear}
    if len(better) > 1:
        return "better in some outcomes and worse in others"
    sizes = [by[name]["mean"][0] / by[name]["other"] for name in clear]
    return verdict_word(sizes) + ("better" if better.pop() else "worse")


def _otherwise_as_shipped(results: dict[str, Any]) -> list[str]:
    """Say where the numbers as shipped tell what the draws do not, or otherwise."""
    beside = Beside(as_shipped=results["as_shipped"])
    texts: list[str] = []
    for name, label in FOUND.items():
        scale = 100.0 if name == AUTHORITY else 1.0
        tails: list[str] = []
        for other, called in OTHERS.items():
            shipped = beside.shipped(name, ADVICE, other)
            if shipped is None:
                continue
            mean = results["differences"][other][name]["mean"]
            if tail := shipped_text(shipped, mean, scale):
                tail = tail.removeprefix(", but ").removesuffix(SHIPPED)
                tails.append(f"{tail} against {called}")
        texts += [f"{label} {', and '.join(tails)}"] if tails else []
    if not texts:
        return []
    return [
        f"The numbers as shipped, without draws, say otherwise: {'; '.join(texts)}."
    ]


def _fewer(one: dict[str, Any], name: str) -> str:
    """Write how many fewer there are of what the advice has none of."""
    is_share = name.endswith("_happened_true")
    mean, low, high = ((100.0 if is_share else 1.0) * x for x in one["mean"])
    text = figure(mean, (high - low) / 2.0, signed=True)
    return f"{text}{' points' if is_share else ''} ({interval_text(low, high)})"


def block(results: dict[str, Any]) -> str:
    """Return the sentences as README shows them, and what they were made from."""
    said = sentences(results)
    provenance = (
        f"*Simulated, by `python generators/question.py`: {results['draws']} draws of "
        f"{results['replications_per_draw']} coupled replications, with "
        f"{results['parameters_drawn']} numbers drawn {FROM_RANGES}. Brackets are 95 % "
        'intervals of the mean: chance alone. "Between" is where 95 % of the draws lie '
        "without chance: what is not known of the numbers. The share of draws has "
        'both, so it may be below 97.5 % where "between" leaves out 0. None covers '
        "rules of another form. "
        f"{results['draws_refused']} other draws, mostly with attacks without end, "
        "were drawn again: runaway escalation is left out. As shipped: "
        f"[{EXPERIMENT.name}](experiments/{EXPERIMENT.name}/README.md), "
        f"[{PUSHBACK.name}](experiments/{PUSHBACK.name}"
        "/README.md).*"
    )
    advice, pushback = (
        "\n".join(f"- {sentence}" for sentence in answers) for answers in said
    )
    first, second = (f"**{asked}**" for asked in QUESTIONS)
    parts = (first, opening(results), table(results).rstrip(), advice)
    return "\n\n".join((*parts, second, pushback, provenance)) + "\n"


def _verdict(one: dict[str, Any]) -> str:
    """Say in words what a probability and its range over the draws come to."""
    if one["parameters"][0] >= 0.95:
        return "All but certain in the model"
    return "Likely in the model, not bound" if one["mean"][1] > 0.5 else "Open"


def _probability(one: dict[str, Any]) -> str:
    """Write a probability over the draws, in per cent."""
    mean, low, high = (100.0 * value for value in one["mean"])
    return (
        f"{figure(mean, (high - low) / 2.0)} % over the draws "
        f"({interval_text(low, high)} %{_between(one, 100.0, ' %')})"
    )


def _between(one: dict[str, Any], scale: float, unit: str = "") -> str:
    """Say where 95 % of the draws lie, if that can be told from chance."""
    if not one["is_resolved"]:
        return ""
    low, high = (scale * value for value in one["parameters"])
    if unit:  # a probability: its end near 1 is not to be rounded to it
        return f"; between {short(low)} and {short(high)}{unit}"
    return f"; between {interval_text(low, high).replace(' to ', ' and ')}"


def _hangs(one: dict[str, Any], results: dict[str, Any]) -> str:
    """Say which parameters an answer hangs on most, three at most."""
    named = one["hangs_on"][:3]
    if not named:
        n, of = results["draws"], results["parameters_drawn"]
        least = detectable_correlation(n, 1.0 - 0.05 / of)
        return (
            f"hangs on no number that {n} draws could tell, which with 80 % power "
            f"would be a rank correlation of {least:.2f} or more"
        )
    listed = ", ".join(
        f"`{path}` ({figure(rho, 0.05, signed=True)})" for path, rho in named
    )
    return f"hangs most on {listed}, by rank correlation"


def _rivals() -> list[str]:
    """Say what rival theories tell of the advice, once they were run."""
    if not RIVALS.is_file():
        return []
    signs = sides_told(RIVALS)
    n = count_word(max(len(by) for by in signs.values()))
    folder = f"[{RIVALS.parent.name}](experiments/{RIVALS.parent.name}/README.md)"
    findings = {name: by for name, by in signs.items() if name not in BUILT}
    labels = {x: x.replace("_", " ") for by in signs.values() for x in by}
    return [
        "Rival theories of what brings attacks about were not asked this question. "
        f"{n.capitalize()}, each fitted alone, were asked of the advice against "
        f"carrying on from October 2019 on ({folder}): {sides_text(findings, labels)}."
    ]


def _shipped(outcome: str, arm: str) -> str:
    """Return a probability of e08 with its interval, in per cent."""
    table: Any = pd.read_csv(PUSHBACK / "summary.csv")
    row: Any = table[table["outcome"] == outcome].set_index("arm").loc["both"]
    mean = row["arm_mean"] if arm == "both" else row["reference_mean"]
    share, low, high = (100.0 * x for x in wilson(mean * row["n"], int(row["n"])))
    return f"{figure(share, (high - low) / 2.0)} % ({interval_text(low, high)} %)"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--replications", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "question")
    parser.add_argument("--words", action="store_true", help="run nothing")
    asked = parser.parse_args(arguments)
    if not asked.words:
        drawn = drawn_study(asked.draws, asked.replications, asked.workers, asked.out)
        text = json.dumps(measured(drawn, as_shipped()), indent=1)
        RESULTS.write_text(text + "\n", "utf-8")
    results = json.loads(RESULTS.read_text("utf-8"))
    page = README.read_text("utf-8")
    README.write_text(BLOCK.sub(lambda _: block(results), page), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
