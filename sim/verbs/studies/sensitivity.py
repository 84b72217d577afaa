"""``sensitivity`` and ``discover``: which factors matter, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sim.errors import StudyError, nearest, one_of
from sim.verbs.answer import Answer
from sim.verbs.arguments import caution, several, workers_asked
from sim.verbs.studies.sweep import SweepAnswer, plan_of, swept
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.experiment.experiment import Experiment
    from sim.pictures.style import Pictures
    from sim.sweeps.discovery import Discovery
    from sim.sweeps.sensitivity import Sensitivity
    from sim.sweeps.sweep import Sweep

MEASURES: Final = (
    "coverage", "density", "support", "overall", "held_out_coverage",
    "held_out_density",
)  # fmt: skip
"""Of a region, as JSON tells them."""


@dataclass(frozen=True, eq=False, repr=False)
class SensitivityAnswer(Answer):
    """Which factors of an experiment matter to which outcome, and how much."""

    sweep: Sweep
    analyses: Mapping[str, Sensitivity]
    """By outcome."""
    refused: Mapping[str, str]
    """Outcomes that cannot be analysed, and why."""
    arm: str

    @property
    def path(self) -> Path | None:
        """The folder, if there is one."""
        return self.sweep.path

    @property
    def _tail(self) -> str:
        return f"-{self.arm}" if len(self.sweep.experiment.arms) > 1 else ""

    def headline(self) -> str:
        """Return the experiment, the arm, and how much was run."""
        one = next(iter(self.analyses.values()))
        return (
            f"{self.sweep.experiment.name}, arm {self.arm}: {one.method}, "
            f"{one.n_points} points × {one.replications} replications"
        )

    def table(self) -> pd.DataFrame:
        """Return one row an outcome and factor: its effect or indices, with intervals.

        Effects are in the outcome's unit, indices shares of its variance.
        """
        import pandas as pd

        tables: dict[str, Any] = {name: a.table for name, a in self.analyses.items()}
        return pd.concat(tables, names=["outcome", "factor"])

    def notes(self) -> list[str]:
        """Return question and caution, and what could not be analysed."""
        plan = self.sweep.experiment
        refused = [
            f"{name}: not analysed: {why}." for name, why in self.refused.items()
        ]
        texts = (plan.question.strip(), caution(plan.scenario), *refused)
        return [text for text in texts if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        return {
            "experiment": self.sweep.experiment.name,
            "arm": self.arm,
            "replications": self.sweep.replications,
            "analyses": {name: _as_data(one) for name, one in self.analyses.items()},
            "refused": dict(self.refused),
            "out": None if self.path is None else str(self.path),
        }

    def pictures(self) -> Pictures:
        """Return what plots the factors of each outcome."""
        from sim.pictures.sensitivity import sensitivity_picture

        return {
            f"sensitivity-{name}{self._tail}": partial(
                sensitivity_picture, self.sweep, name, one
            )
            for name, one in self.analyses.items()
        }

    def write(self, folder: Path) -> None:
        """Write a table and a picture of each outcome."""
        from sim.files import write_text
        from sim.pictures.style import save_all

        for name, one in self.analyses.items():
            table: Any = one.table
            file = folder / f"sensitivity-{name}{self._tail}.csv"
            write_text(file, table.to_csv())
        save_all(self.pictures(), folder / "pictures")


@dataclass(frozen=True, eq=False, repr=False)
class DiscoveryAnswer(Answer):
    """The region of an experiment's factors that leads to an outcome."""

    sweep: Sweep
    box: Discovery
    of_interest: str
    """Which cases are."""
    arm: str

    @property
    def path(self) -> Path | None:
        """The folder, if there is one."""
        return self.sweep.path

    def sentences(self) -> list[str]:
        """Return the region in words."""
        return self.box.sentences(self.of_interest)

    def headline(self) -> str:
        """Return the experiment, the arm, and which cases are of interest."""
        return (
            f"{self.sweep.experiment.name}, arm {self.arm}: cases with "
            f"{self.of_interest}, {self.box.n_points} points × "
            f"{self.sweep.replications} replications"
        )

    def table(self) -> pd.DataFrame:
        """Return one row a restriction of the region: the factor, and how it is."""
        import pandas as pd

        columns = pd.Index(("factor", "is", "p_value"))
        return pd.DataFrame(self.data()["restrictions"], columns=columns)

    def notes(self) -> list[str]:
        """Return the region in words, and what it is not."""
        return [
            *self.sentences(),
            "A region is where such cases are found in this design, not their cause; "
            "its shares hold for the ranges and distributions of the file.",
        ]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        return {
            "experiment": self.sweep.experiment.name,
            "arm": self.arm,
            "of_interest": self.of_interest,
            "sentences": self.sentences(),
            **{key: getattr(self.box, key) for key in MEASURES},
            "restrictions": [
                {"factor": r.factor, "is": r.sentence, "p_value": r.p_value}
                for r in self.box.restrictions
            ],
            "points": self.box.n_points,
            "replications": self.sweep.replications,
            "out": None if self.path is None else str(self.path),
        }


def sensitivity(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    *,
    outcome: str | Sequence[str] | None = None,
    arm: str | None = None,
    replications: int | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> SensitivityAnswer:
    """Say which factors of a Morris or Saltelli experiment matter, and how much.

    Parameters
    ----------
    experiment, replications, workers, cluster, out, engine, plugin, watch
        As in `sim.sweep`.
    outcome
        Outcome or outcomes of the file; all when None.
    arm
        The arm looked at; the first when None.

    Returns
    -------
    SensitivityAnswer
        `table` has one row an outcome and factor: elementary effects in the outcome's
        unit, or shares of its variance, 0 to 1.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If the design is another, or no outcome can be analysed.

    Examples
    --------
    >>> import sim
    >>> answer = sim.sensitivity("docs/examples/valley_screening.yaml")
    >>> answer
    <Sensitivity: valley_screening, arm base: morris, 12 points × 4 replications>
    >>> answer.table().loc["n_rocket_attacks_true", "matters"].to_dict()
    {'calm_rate': True, 'red_line': False}
    """
    watch = watch_of(watch)
    plan = plan_of(experiment, plugin)
    _require(plan, ("morris", "saltelli"), "sensitivity")
    names = _asked(plan, list(several(outcome)))
    who = _arm_of(plan, arm)
    done = swept(
        plan, replications, workers_asked(workers, cluster), out, engine, watch
    )
    from sim.sweeps.sensitivity import analyse

    analyses: dict[str, Sensitivity] = {}
    refused: dict[str, str] = {}
    for name in names:
        try:
            analyses[name] = analyse(done.design, done.responses(name, who))
        except StudyError as error:
            refused[name] = str(error)
    if not analyses:
        message = "; ".join(f"{name}: {text}" for name, text in refused.items())
        raise StudyError(message)
    answer = SensitivityAnswer(done, analyses, refused, who)
    if done.path is not None:
        answer.write(done.path)
    return answer


def discover(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    *,
    outcome: str,
    above: float | None = None,
    below: float | None = None,
    arm: str | None = None,
    replications: int | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> DiscoveryAnswer:
    """Say which region of an experiment's factors leads to an outcome.

    Parameters
    ----------
    experiment, replications, workers, cluster, out, engine, plugin, watch
        As in `sim.sweep`.
    outcome
        The outcome looked at.
    above, below
        Cases above, or below, this are of interest, in the outcome's unit: give one.
    arm
        The arm looked at; the first when None.

    Returns
    -------
    DiscoveryAnswer
        `table` has one row a restriction of the region; `box` its coverage and density,
        shares 0 to 1.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If not one of `above` and `below` is given, or the design is of another kind.

    Examples
    --------
    >>> import sim
    >>> answer = sim.discover(
    ...     "docs/examples/valley_sweep.yaml", outcome="n_strikes_true", above=1
    ... )
    >>> answer
    <Discovery: valley_sweep, arm base: cases with strikes above 1, 40 points × 4 ...>
    >>> answer.table()["factor"].tolist()
    ['red_line']
    """
    from sim.sweeps.discovery import discover as region_of
    from sim.sweeps.discovery import interest_of

    watch = watch_of(watch)
    plan = plan_of(experiment, plugin)
    if (above is None) == (below is None):
        message = "say which cases are of interest: give one of --above and --below"
        raise StudyError(message)
    _require(plan, ("latin_hypercube", "sobol", "saltelli", "grid", "list"), "discover")
    _asked(plan, [outcome])
    who = _arm_of(plan, arm)
    done = swept(
        plan, replications, workers_asked(workers, cluster), out, engine, watch
    )
    shares, of_interest = interest_of(done, outcome, who, above, below)
    return DiscoveryAnswer(done, region_of(done.design, shares), of_interest, who)


def failures_of(sweep: Sweep) -> str:
    """Say which replications of a study failed, if any."""
    return SweepAnswer(sweep).failures_text()


def _require(plan: Experiment, kinds: tuple[str, ...], verb: str) -> None:
    """Refuse a design that the verb cannot use, before anything runs."""
    if plan.design.kind not in kinds or not plan.factors:
        given = f"a {plan.design.kind} design" if plan.factors else "no factors"
        message = (
            f"{plan.name} has {given}; escalade {verb} needs a design of kind "
            f"{one_of(kinds)}"
        )
        raise StudyError(message)


def _arm_of(plan: Experiment, arm: str | None) -> str:
    """Return the arm that is looked at, before anything runs."""
    names = [one.name for one in plan.arms]
    if arm is not None and arm not in names:
        message = f"--arm {arm}: {plan.name} has {one_of(names)}{nearest(arm, names)}"
        raise StudyError(message)
    return names[0] if arm is None else arm


def _asked(plan: Experiment, outcomes: list[str]) -> list[str]:
    """Return the outcomes asked for; refuse those that are not in the file."""
    names = outcomes or [*plan.outcomes]
    for name in names:
        if name not in plan.outcomes:
            hint = nearest(name, plan.outcomes)
            listed = one_of(plan.outcomes)
            message = f"{name!r} is not an outcome of {plan.name}: {listed}{hint}"
            raise StudyError(message)
    return names


def _as_data(one: Sensitivity) -> dict[str, Any]:
    table: Any = one.table
    return {
        "method": one.method,
        "points": one.n_points,
        "variance": one.variance,
        "noise_variance": one.noise_variance,
        "noise_share": one.noise_share,
        "factors": table.reset_index().to_dict("records"),
    }
