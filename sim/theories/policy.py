"""The policy question under one theory: two arms, over the draws of its fit.

A draw says what is not known of the world. What an arm sets is a choice, so there the
arm's number stands and not the draw's. The arms of a draw are coupled worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.ensemble.draw_set import DrawSet, draws_from, refuse_unfit
from sim.errors import StudyError
from sim.ledger.switches import Setting
from sim.ledger.worlds import Arm as Run
from sim.ledger.worlds import Crew
from sim.statistics.variance import error_budget
from sim.theories.structure import setting_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sim.experiment.experiment import Arm, PolicyQuestion
    from sim.experiment.posterior import Posterior
    from sim.scenario.scenario import Scenario
    from sim.theories.structure import Theory

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Answer(NamedTuple):
    """What the arm changes of one outcome under one theory."""

    outcome: str
    value: float
    """Mean of arm minus reference, over draws and worlds."""
    low: float
    """95 % interval of the mean: error of simulation, and of so many draws."""
    high: float
    draws_low: float
    """2.5 % quantile of the expected difference, over what the parameters may be."""
    draws_high: float

    @property
    def sign(self) -> int:
        """Which side is told: -1, 1, or 0 where the interval holds no difference."""
        return int(self.low > 0.0) - int(self.high < 0.0)

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return (self.high - self.low) / 3.92


def scenario_of(question: PolicyQuestion, arm: Arm, theory: Theory) -> Scenario:
    """Return an arm's scenario under a theory.

    Raises
    ------
    StudyError
        If the arm sets what the theory switches off.
    """
    scenario = question.experiment.scenario_at(arm, ())
    setting = setting_of(scenario, theory.structure)
    for path in arm.variant.changes:
        if path in setting.values:
            message = (
                f"{path} is set by the arm {arm.name} and switched off by "
                f"{theory.structure.name}; leave one of them out"
            )
            raise StudyError(message)
    return setting.applied(scenario)


def asked_under(
    question: PolicyQuestion,
    theory: Theory,
    posterior: Posterior,
    *,
    engine: str,
    executor: Executor | None,
) -> Floats:
    """Return arm minus reference, shape (draws, replications, outcomes); nan of none.

    Parameters
    ----------
    question
        Arms, outcomes and size.
    theory
        Under which it is asked.
    posterior
        Of the theory's fit to the whole record.
    engine, executor
        As in `sim.forecasts.model.forecasts_ahead`.
    """
    size, experiment = question.size, question.experiment
    every = draws_from(posterior, size.draws, size.replications)
    values: list[Floats] = []
    for arm in (question.reference, question.arm):
        scenario = scenario_of(question, arm, theory)
        draws = _without(every, {*experiment.changes, *arm.variant.changes})
        refuse_unfit(posterior, draws, scenario)
        run = Run(
            scenario=scenario,
            setting=Setting({}),
            root_seed=experiment.root_seed,
            until=experiment.until,
            engine=engine,
            outcomes=question.outcomes,
            draws=draws,
            study=f"{scenario.digest}-{arm.name}",
        )
        crew = Crew(run, draws.numbers, executor, None, len(draws.numbers))
        worlds = crew.worlds([Setting({})])[0]
        values.append(np.where(worlds.failed[:, None], np.nan, worlds.values))
    reference, other = values
    return (other - reference).reshape(size.draws, size.replications, -1)


def _without(draws: DrawSet, paths: set[str]) -> DrawSet:
    """Return draws that leave some paths alone."""
    return DrawSet(
        values=tuple(
            {path: value for path, value in point.items() if path not in paths}
            for point in draws.values
        ),
        replications=draws.replications,
        digest=draws.digest,
        words=draws.words,
        origin=draws.origin,
        units=draws.units,
    )


def answers_of(
    differences: Floats, question: PolicyQuestion, root_seed: int
) -> tuple[Answer, ...]:
    """Return what the arm changes, by outcome; draws with an undefined world are out.

    Raises
    ------
    StudyError
        If fewer than 30 draws are left of an outcome.
    """
    answers: list[Answer] = []
    for place, outcome in enumerate(question.outcomes):
        values = differences[:, :, place]
        values = values[np.isfinite(values).all(axis=1)]
        budget = error_budget(values, root_seed)
        answers.append(
            Answer(
                outcome=outcome,
                value=budget.mean.value,
                low=budget.mean.low,
                high=budget.mean.high,
                draws_low=budget.low,
                draws_high=budget.high,
            )
        )
    return tuple(answers)
