"""``calibrate``: fit an experiment's factors to the record."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.verbs.answer import Answer
from sim.verbs.arguments import caution, workers_asked
from sim.verbs.studies.sweep import plan_of
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import pandas as pd

    from sim.calibration.calibrate import Calibration
    from sim.calibration.table import Tables
    from sim.experiment.posterior import Posterior
    from sim.pictures.style import Pictures


@dataclass(frozen=True, eq=False, repr=False)
class CalibrationAnswer(Answer):
    """A fit: what the record leaves to be believed of an experiment's factors."""

    result: Calibration
    tables: Tables
    """Parameters, targets, and what the fit cannot say."""
    diagnostics: pd.DataFrame
    """One row a parameter."""

    @property
    def path(self) -> Path:
        """The folder, which `sim.run` takes as ``posterior``."""
        return self.result.path

    @property
    def posterior(self) -> Posterior:
        """The weighted draws."""
        return self.result.posterior

    def headline(self) -> str:
        """Return the experiment, and how much was run."""
        fit, plan = self.result, self.result.experiment
        return (
            f"{plan.name} on {plan.scenario.name}: {len(fit.posterior.weights)} "
            f"particles, {len(fit.generations)} generations, root_seed {plan.root_seed}"
        )

    def table(self) -> pd.DataFrame:
        """Return one row a parameter: prior and posterior, in the file's unit."""
        return self.tables.parameters

    def notes(self) -> list[str]:
        """Return question, caution, and what the fit cannot say."""
        plan = self.result.experiment
        texts = (plan.question, caution(plan.scenario), *self.tables.limits)
        return [text for text in texts if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        fit, tables = self.result, self.tables
        diagnostics: Any = self.diagnostics
        parameters: Any = tables.parameters
        targets: Any = tables.targets
        return {
            "experiment": fit.experiment.name,
            "scenario": fit.experiment.scenario.name,
            "root_seed": fit.experiment.root_seed,
            "posterior": str(fit.path / "posterior.parquet"),
            "posterior_digest": fit.posterior.digest,
            "generations": fit.posterior.metadata["generations"],
            "parameters": parameters.to_dict("records"),
            "diagnostics": diagnostics.to_dict("records"),
            "targets": targets.to_dict("records"),
            "limits": tables.limits,
        }

    def pictures(self) -> Pictures:
        """Return what plots prior and posterior, pairs, and the record among draws."""
        from sim.pictures.evidence.calibration import calibration_pictures

        return calibration_pictures(self.result)


def calibrate(
    experiment: str | os.PathLike[str],
    *,
    workers: int | None = 1,
    out: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> CalibrationAnswer:
    """Fit an experiment's factors to the record, as ``escalade calibrate`` does.

    Parameters
    ----------
    experiment
        One with a section ``calibrate``: its file, its folder, or a shipped one's id.
    workers, engine, plugin, watch
        As in `sim.run`.
    out
        Folder of the fit, which takes minutes and goes on where it was broken off: so
        there always is one; in ``runs/`` when None.

    Returns
    -------
    CalibrationAnswer
        `table` has one row a parameter, in the unit of the experiment's file.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If the experiment is no sound calibration, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:  # doctest: +SKIP
    ...     fit = sim.calibrate("docs/examples/small_fit.yaml", out=f"{folder}/fit")
    >>> fit  # doctest: +SKIP
    <Calibration: small_fit on iraq_2019_2020: 30 particles, 2 generations, root_seed 1>
    >>> fit.table()["parameter"].tolist()  # doctest: +SKIP
    ['calm rate of attacks']
    """
    from sim.calibration.calibrate import run_calibration
    from sim.calibration.table import write_tables
    from sim.engine.cast import Cast
    from sim.ensemble.compiling import settled_engine
    from sim.pictures.evidence.calibration import write_pictures

    watch = watch_of(watch)
    plan = plan_of(experiment, plugin)
    fit = plan.calibration
    least = 0 if fit is None else fit.options.particles * fit.options.generations
    crew = workers_asked(workers, None)
    name = settled_engine(
        Cast(plan.scenario), max(least, 1), engine, plan.until, crew, watch.say
    )
    with watch.stage("attempts kept") as progress:

        def tell(generation: int, accepted: int, asked: int) -> None:
            whole = 1 if fit is None else fit.options.generations
            progress(generation * asked + accepted, whole * asked)

        result = run_calibration(
            plan,
            out=None if out is None else Path(out),
            workers=crew,
            engine=name,
            progress=tell,
            tell=watch.say,
        )
    return CalibrationAnswer(result, write_tables(result), write_pictures(result))
