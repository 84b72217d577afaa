"""``sweep``: every arm of an experiment at every point of its design."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    MOST_REPLICATIONS,
    caution,
    header,
    kinds_of,
    require,
    say_caution,
    say_outside,
    workers_asked,
)
from sim.verbs.replications.run import DrawsAsked, draws_asked
from sim.verbs.studies.arms import COMPARED
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.ensemble.workers import Workers
    from sim.experiment.experiment import Experiment
    from sim.pictures.style import Pictures
    from sim.sweeps.sweep import Sweep


@dataclass(frozen=True, eq=False, repr=False)
class SweepAnswer(Answer):
    """Every arm of an experiment at every point of its design."""

    result: Sweep

    @property
    def path(self) -> Path | None:
        """The folder, if there is one."""
        return self.result.path

    def headline(self) -> str:
        """Return experiment, scenario, and how much was run."""
        one, plan = self.result, self.result.experiment
        n_arms = len(plan.crossed_arms())
        size = f"{len(one.design)} design points"
        size += f" × {n_arms} arms" if n_arms > 1 else ""
        each = f"{one.replications} replications"
        each = each if one.draws is None else one.draws.size_text
        return (
            f"{plan.name} on {plan.scenario.name} ({plan.scenario.status}): {size} × "
            f"{each}, root_seed {plan.root_seed}, {plan.until:g} days"
        )

    def table(self) -> pd.DataFrame:
        """Return the tidy table: one row an outcome of an arm at a point.

        Columns are those of `sim.sweeps.sweep.Sweep.table`.
        """
        return self.result.table()

    def notes(self) -> list[str]:
        """Return question, caution, failures, and what intervals hold."""
        plan = self.result.experiment
        texts = [plan.question.strip(), caution(plan.scenario), self.failures_text()]
        base = f"Differences are from {self.result.base_text}; paired."
        return [text for text in (*texts, base) if text]

    def failures_text(self) -> str:
        """Say how many replications failed, and what went wrong first; or nothing."""
        one = self.result
        if not (n_failed := int(one.failed.sum())):
            return ""
        of = f"{n_failed} of {one.replications * len(one.cells)}"
        return f"{of} replications failed; the first: {one.first_failure}"

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        one, plan = self.result, self.result.experiment
        frame: Any = self.table()
        return {
            "experiment": plan.name,
            "question": plan.question,
            "scenario": header(plan.scenario),
            "root_seed": plan.root_seed,
            "replications": one.replications,
            "until_days": plan.until,
            "design": {"kind": plan.design.kind, "points": len(one.design)},
            "arms": [{"name": arm.name, "label": arm.label} for arm in plan.arms],
            "factors": [
                {"name": f.name, "label": f.label, "unit": f.unit} for f in plan.factors
            ],
            "failed": int(one.failed.sum()),
            "intervals": "95 %, of Monte Carlo error only",
            "draws": None if one.draws is None else one.draws.manifest(),
            "table": frame.to_dict("records"),
            "out": None if one.path is None else str(one.path),
        }

    def pictures(self) -> Pictures:
        """Return what plots response curves and heat maps."""
        from sim.pictures.sweep import sweep_pictures

        return sweep_pictures(self.result)


def sweep(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    *,
    replications: int | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    posterior: str | os.PathLike[str] | None = None,
    draws: int | None = None,
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> SweepAnswer:
    """Run an experiment at every point of its design, as ``escalade sweep`` does.

    Parameters
    ----------
    experiment
        Its file, its folder, or the id of a shipped one; or a dict of what a file has
        (docs/experiment.md), where `question`, `root_seed`, `outcomes` and `design` (a
        grid) may be left out.
    replications
        For each arm at each point, 1 or more; the file's when None; with a posterior,
        of each draw, 2.
    workers, cluster, engine, plugin, watch
        As in `sim.run`.
    out
        Folder of the study, new or of the same one, which then goes on; its brief and
        report are removed, to be written anew. True gives it one of its own in
        ``runs/``; None keeps nothing.
    posterior, draws
        Numbers that the experiment leaves alone are drawn from it, as in `sim.run`.

    Returns
    -------
    SweepAnswer
        `table` has one row an outcome of an arm at a point: mean, interval and paired
        difference from the base cell, in the outcome's unit.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If a point is unsound, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> answer = sim.sweep("docs/examples/valley_screening.yaml", replications=2)
    >>> answer
    <Sweep: valley_screening on valley (draft): 12 design points × 2 replications, ...>
    >>> answer.table()[["point", "calm_rate", "outcome", "mean"]].shape
    (12, 4)
    >>> ability = sim.sweep(
    ...     {
    ...         "id": "ability",
    ...         "scenario": "iraq_2019_2020",
    ...         "replications": 5,
    ...         "until": 30,
    ...         "factors": {
    ...             "able": {"path": "actors.iraq.ability", "levels": [0.2, 0.8]}
    ...         },
    ...     }
    ... )
    >>> ability
    <Sweep: ability on iraq_2019_2020 (provisional): 2 design points × 5 ...>
    """
    watch = watch_of(watch)
    crew = workers_asked(workers, cluster)
    plan = plan_of(experiment, plugin)
    asked = draws_asked(posterior, draws, replications)
    answer = SweepAnswer(swept(plan, replications, crew, out, engine, watch, asked))
    if answer.path is not None:
        from sim.pictures.style import save_all

        save_all(answer.pictures(), answer.path / "pictures")
    return answer


def plan_of(
    experiment: str | os.PathLike[str] | Mapping[str, Any],
    plugin: str | Sequence[str] | None,
) -> Experiment:
    """Return an experiment from its file, folder or id, or from what a file has."""
    from sim.experiment.load import experiment_from, load_experiment

    kinds = kinds_of(plugin)
    if isinstance(experiment, Mapping):
        unsaid = {
            "question": "none",
            "root_seed": 1,
            "outcomes": list(COMPARED),
            "design": {"kind": "grid"},
        }
        plan = experiment_from({**unsaid, **experiment}, kinds)
        return plan if "question" in experiment else replace(plan, question="")
    return load_experiment(os.fspath(experiment), kinds)


def swept(
    plan: Experiment,
    replications: int | None,
    workers: Workers,
    out: str | os.PathLike[str] | bool | None,
    engine: str,
    watch: Watch,
    asked: DrawsAsked | None = None,
) -> Sweep:
    """Run an experiment; an interrupt says what is kept of it."""
    from sim.ensemble.draw_set import DRAWS
    from sim.experiment.load import corners
    from sim.experiment.posterior import read_posterior
    from sim.sweeps.sweep import run_sweep

    if replications is not None:
        require("--replications", replications, 2, MOST_REPLICATIONS)
    say_caution(plan.scenario, watch)
    at_ends = product(plan.arms, corners(plan))
    say_outside(plan.scenario, (plan.scenario_at(*one) for one in at_ends), watch)
    keep = out is not None and out is not False
    if keep:
        watch.keep("{done} replications are kept")
    with watch.stage(plan.name, workers) as progress:
        return run_sweep(
            plan,
            out=Path(out) if isinstance(out, str | os.PathLike) else None,
            keep=keep,
            replications=replications,
            workers=workers,
            progress=progress,
            engine=engine,
            tell=watch.say,
            posterior=None if asked is None else read_posterior(Path(asked.posterior)),
            draws=DRAWS if asked is None else asked.draws,
        )
