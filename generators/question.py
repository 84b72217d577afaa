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
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sim.comparison.arms import ArmRunner
from sim.comparison.as_shipped import differences_as_shipped
from sim.comparison.range_draws import FROM_RANGES, RangeTask, range_draws
from sim.comparison.ranking import rank_arms
from sim.comparison.under_draws import Drawn, DrawnArms, run_drawn_arms
from sim.digest import run_digest
from sim.digits import figure, interval_text, short
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
    days = experiment.until - experiment.scenario.since
    hard, coded = (differences[arm] for arm in (HARD, CODED))
    soon, quarter, seen = (probabilities[name] for name in PROBABILITIES)
    shipped = {name: _shipped(name, "both") for name in PROBABILITIES}
    without = _shipped(PROBABILITIES[1], "neither")
    built = [
        f"{label} {_fewer(hard[name], name)} and {_fewer(coded[name], name)}"
        for name, label in BUILT.items()
    ]
    said = [
        f"In the model, over {days:g} days from 6 July 2020, to tread lightly and show "
        f"support {_against(HARD, 'to wait and hit hard', results)}",
        f"It {_against(CODED, 'to carry on as before', results)}",
        "By construction, and no finding, since the advice forgoes strikes and in the "
        f"model nothing else brings these about: {'; '.join(built)}. "
        "Civilian dead include those killed in strikes: a part of their difference is "
        "by construction too, and no outcome tells how much."
        + mostly_of_strikes(*(hard[x]["mean"][0] / hard[x]["other"] for x in DEADLY)),
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
        f"The probability for 30 days {_hangs(soon, results)}; without the raid of "
        "25 June and the permit rule of 3 June that for 90 days would still be "
        f"{without}, "
        "and `loss_tolerance`, `curb_loss` and `pushback_days` of Iran were assumed "
        "from the article's own forecast: this says what the forecast means in "
        "numbers, not whether it is right.",
    ]


def _against(other: str, called: str, results: dict[str, Any]) -> str:
    """Say whether the advice comes out better than another policy, and in what.

    That first of which most draws tell the sign; last what no interval tells.
    """
    by, beside = results["differences"][other], Beside(as_shipped=results["as_shipped"])
    clear: list[tuple[float, str]] = []
    open_: list[str] = []
    better: list[bool] = []
    sizes: list[float] = []
    for name, label in FOUND.items():
        one, is_share = by[name], name == AUTHORITY
        mean, low, high = one["mean"]
        scale, unit = (100.0, " points") if is_share else (1.0, "")
        shipped = beside.shipped(name, ADVICE, other)
        tail = "" if shipped is None else shipped_text(shipped, one["mean"], scale)
        if low <= 0.0 <= high:
            open_.append(f"{label}, {_change(one, scale, unit)}{tail}")
            continue
        less = one["less_in"]
        word, share, *ends = ("fewer", *less)
        if mean > 0.0:
            word, share, *ends = ("more", *(1.0 - less[k] for k in (0, 2, 1)))
        of = f"{word} in {100.0 * share:.0f} %"
        level = short(scale * one["other"])
        relative = f"{100.0 * mean / one['other']:+.0f} % of {level}".replace("-", "−")
        ends_text = interval_text(*(100.0 * x for x in ends))
        text = f"{label} {_change(one, scale, unit)}, {relative}, {of}"
        clear.append((share, f"{text} ({ends_text} %){tail}"))
        better.append((mean < 0.0) != is_share)
        sizes.append(mean / one["other"])
    texts = "; ".join(text for _, text in sorted(clear, reverse=True))
    if other == HARD:
        texts = texts.replace(" % (", f" % of {results['draws']} parameter draws (", 1)
    none = f" No difference can be told in {'; '.join(open_)}." if open_ else ""
    if not clear:
        return f"is not shown to do better or worse than {called}.{none}"
    if len(set(better)) > 1:
        verdict = "better in some outcomes and worse in others"
    else:
        verdict = verdict_word(sizes) + ("better" if better[0] else "worse")
    return f"comes out {verdict} than {called}: {texts}.{none}"


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
        'intervals of the mean, which hold chance; "between" is where 95 % of the '
        "draws lie once chance is taken out, which holds what is not known of the "
        "numbers; the share of draws holds both; none holds rules of another form. "
        f"{results['draws_refused']} other draws, mostly with attacks without end, "
        "were drawn again: runaway escalation is left out. As shipped: "
        f"[{EXPERIMENT.name}](experiments/{EXPERIMENT.name}/README.md), "
        f"[{PUSHBACK.name}](experiments/{PUSHBACK.name}"
        "/README.md).*"
    )
    lists = [
        f"**{asked}**\n\n" + "\n".join(f"- {sentence}" for sentence in answers)
        for asked, answers in zip(QUESTIONS, said, strict=True)
    ]
    return "\n\n".join([*lists, provenance]) + "\n"


def _verdict(one: dict[str, Any]) -> str:
    """Say in words what a probability and its range over the draws come to."""
    if one["parameters"][0] >= 0.95:
        return "All but certain in the model"
    return "Likely in the model, not bound" if one["mean"][1] > 0.5 else "Open"


def _change(one: dict[str, Any], scale: float = 1.0, unit: str = "") -> str:
    """Write a difference, its interval, and where the draws put it."""
    mean, low, high = (scale * value for value in one["mean"])
    text = figure(mean, (high - low) / 2.0, signed=True)
    return f"{text}{unit} ({interval_text(low, high)}{_between(one, scale)})"


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
