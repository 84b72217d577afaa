"""Write into ``docs/validation.md`` how forecasts hold after a refit, on known truths.

::

    python generators/refitting.py                     200 worlds, some minutes
    python generators/refitting.py --worlds 20

The truth of each world is drawn from the priors of ``c01_iraq_2019_2020``, and its
world simulated. From what the press reports of it up to a day the factors are fitted
again, at the reduced size of ``experiments/ranks.py``, and its draws are simulated
on from that record, put in, as ``experiments/f01_monthly_origins`` does; draws of the
priors are simulated on beside them. What the press then reports of the truth is held
against both.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
from filtering import (
    Held,
    came_of,
    held_against,
    on_record,
    rank_table,
    record_of,
    write_section,
)

from sim.calibration.attempt import Model, simulated
from sim.digest import rules_digest
from sim.digits import markdown_table
from sim.engine.cast import Cast
from sim.engine.run import run_replication
from sim.ensemble.point_run import PointTask, run_points
from sim.errors import StudyError
from sim.experiment.load import load_experiment
from sim.forecasts.forecast import answers_of
from sim.forecasts.scoring import LABELS
from sim.record.question import EVENT, QUESTIONS, questions_named
from sim.record.targets import fitted_targets, targets_for
from sim.scenario.renumber import with_numbers
from sim.scenario.scenario import INJECTED
from sim.statistics import abc
from sim.statistics.bootstrap import generator

if TYPE_CHECKING:
    from collections.abc import Sequence

EXPERIMENT: Final = "c01_iraq_2019_2020"
SINCE: Final = 126.0
"""The day from which it is forecast: half of the period."""
AHEAD: Final = (28.0, 56.0)
DRAWS: Final = 200
PARTICLES: Final = 200
GENERATIONS: Final = 4
"""The fit's size, as that of the ranks."""
ASKED: Final = ("n_rocket_attacks", "a_strike", "n_coalition_deaths", "n_raids")
REFITTED, PRIOR = "refitted", "from the priors"
FIRST_TRUTH: Final = 2**60
FIRST_DRAW: Final = 2**61


Judged = dict[tuple[float, str], Held]
"""What came of one world: by days ahead and forecast."""


def judge(number: int) -> Judged | None:
    """Refit one world and forecast it; None where no attempt of the fit comes close."""
    experiment = load_experiment(EXPERIMENT)
    plan, scenario = experiment.calibration, experiment.scenario
    assert plan is not None
    targets = fitted_targets(targets_for(scenario, experiment.until), plan.targets)
    names = tuple(target.outcome for target in targets)
    n, seed = len(experiment.factors), experiment.root_seed + 1 + number
    task = PointTask(scenario, seed, SINCE, "compiled")
    model = Model(task, experiment.factors, names)
    truth = abc.prior_scores(n, experiment.root_seed, number + 1)[-1:]
    points, which = model.points(truth), FIRST_TRUTH + number
    (observed,) = run_points(task, points, [which], names)
    size = plan.options._replace(particles=PARTICLES, generations=GENERATIONS)
    try:
        last = abc.fit(
            n, lambda batches: simulated(model, batches, None), observed, size, seed
        )[-1]
    except StudyError:
        return None
    random = generator(seed, "refitting")
    rows = random.choice(PARTICLES, DRAWS, p=last.weights)
    days = [SINCE + ahead for ahead in AHEAD]
    log = run_replication(
        Cast(with_numbers(scenario, points[0])), seed, which, days[-1]
    )
    on = on_record(scenario, record_of(log, SINCE), INJECTED, days[-1], SINCE)
    ahead_of = PointTask(on, seed, days[-1], "compiled", tuple(days[:-1]))
    questions = questions_named(ASKED)
    outcomes = tuple(dict.fromkeys(question.outcome for question in questions))
    chances = random.random(len(days))
    held: Judged = {}
    for name, scores in (
        (REFITTED, abc.adjusted(last, observed)[rows]),
        (PRIOR, abc.prior_scores(n, seed, DRAWS)),
    ):
        numbers = range(FIRST_DRAW, FIRST_DRAW + DRAWS)
        table = run_points(ahead_of, model.points(scores), numbers, outcomes)
        worlds = table[~np.isnan(table).all(axis=1)]
        counts = worlds.reshape(len(worlds), len(days), len(outcomes))
        for step, (day, chance) in enumerate(zip(days, chances, strict=True)):
            samples = dict(zip(outcomes, counts[:, step].T, strict=True))
            answers = answers_of(samples, questions)
            came = came_of(on, log, (SINCE, day), questions)
            held[AHEAD[step], name] = held_against(questions, answers, came, chance)
    return held


def score_table(results: Sequence[Judged]) -> str:
    """Return what was expected and what came, and how the two forecasts score."""
    rows: list[list[str]] = []
    for name, ahead in product(ASKED, AHEAD):
        score = "brier" if QUESTIONS[name].kind == EVENT else "crps"
        pairs = [(r[ahead, REFITTED], r[ahead, PRIOR]) for r in results]
        both = np.array([[one.scores[name][score] for one in pair] for pair in pairs])
        gap = both[:, 0] - both[:, 1]
        off = np.array([one.expected[name] - one.came[name] for one, _ in pairs])
        root = np.sqrt(len(results))
        rows.append(
            [
                QUESTIONS[name].label,
                f"{ahead:.0f}",
                f"{np.mean([one.came[name] for one, _ in pairs]):.3f}",
                f"{np.mean([one.expected[name] for one, _ in pairs]):.3f}",
                f"{off.mean():+.3f} ± {off.std(ddof=1) / root:.3f}",
                LABELS[score],
                *(f"{mean:.4f}" for mean in both.mean(axis=0)),
                f"{gap.mean():+.4f} ± {gap.std(ddof=1) / root:.4f}",
            ]
        )
    heads = [
        "question", "days ahead", "came", "refitted: expected", "off by", "score",
        REFITTED, PRIOR, "difference",
    ]  # fmt: skip
    return markdown_table(heads, rows, numbers=(1, 2, 3, 4, 6, 7, 8))


def section(results: Sequence[Judged | None]) -> str:
    """Return what the page tells."""
    known = [one for one in results if one is not None]
    experiment = load_experiment(EXPERIMENT)
    return "\n\n".join(
        (
            f"{len(known)} worlds of `{experiment.scenario.name}` at draws of the "
            f"priors ({len(results) - len(known)} more could not be fitted), under the "
            f"rules {rules_digest(experiment.scenario)[:12]}, root_seed "
            f"{experiment.root_seed}; refitted on day {SINCE:.0f} by {PARTICLES} "
            f"particles in {GENERATIONS} generations, {DRAWS} draws simulated on. "
            "Below 0 the refitted forecast is better; errors are standard errors over "
            "worlds.",
            score_table(known).rstrip("\n"),
            rank_table(known, AHEAD, (REFITTED, PRIOR)).rstrip("\n"),
        )
    )


if __name__ == "__main__":
    write_section("refitting", judge, section)
