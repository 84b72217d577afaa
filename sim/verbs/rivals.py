"""``rivals``: theories fitted, scored, named and asked side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.verbs.answer import Answer
from sim.verbs.arguments import caution, workers_asked
from sim.verbs.sweep import plan_of
from sim.verbs.watch import SILENT, Watch

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from sim.theories.rivals import Rivals


@dataclass(frozen=True, eq=False, repr=False)
class RivalsAnswer(Answer):
    """What each theory answers to the policy question, and how well each forecast."""

    result: Rivals
    page: str
    """The whole page, Markdown; where signs differ, that is said first."""

    @property
    def path(self) -> Path:
        """The folder."""
        return self.result.path

    def headline(self) -> str:
        """Return the experiment, and the theories."""
        plan = self.result.experiment
        names = ", ".join(self.result.labels.values())
        return f"{plan.name} on {plan.scenario.name}: {names}"

    def table(self) -> pd.DataFrame:
        """Return one row an outcome and theory: arm minus reference, with its sign."""
        import pandas as pd

        from sim.theories.page import policy_rows

        return pd.DataFrame(policy_rows(self.result))

    def notes(self) -> list[str]:
        """Return where signs differ, what the record names, and a caution."""
        from sim.theories.page import naming_sentence, signs_sentence

        plan = self.result.experiment
        said = (signs_sentence(self.result), naming_sentence(self.result))
        return [text for text in (*said, caution(plan.scenario)) if text]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.theories.page import (
            naming_rows,
            naming_sentence,
            policy_rows,
            scores_rows,
            signs_sentence,
            theories_rows,
        )

        held = self.result
        return {
            "experiment": held.experiment.name,
            "scenario": held.experiment.scenario.name,
            "root_seed": held.experiment.root_seed,
            "folder": str(held.path),
            "signs": signs_sentence(held),
            "verdict": naming_sentence(held),
            "policy": policy_rows(held),
            "theories": theories_rows(held),
            "scores": scores_rows(held),
            "naming": naming_rows(held),
        }

    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Return what plots the answers, and how soon each theory would be named."""
        from sim.pictures.rivals import rivals_pictures

        return rivals_pictures(self.result)


def rivals(
    experiment: str | os.PathLike[str],
    *,
    workers: int | None = 1,
    out: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: Watch = SILENT,
) -> RivalsAnswer:
    """Hold rival theories against one another, as ``escalade rivals`` does.

    Parameters
    ----------
    experiment
        One with the sections ``score`` and ``rivals``: its file, its folder, or a
        shipped one's id.
    workers, engine, plugin, watch
        As in `sim.run`.
    out
        Folder of the study, which takes minutes and goes on where it was broken off:
        so there always is one; in ``runs/`` when None.

    Returns
    -------
    RivalsAnswer
        `table` has one row an outcome and theory, `page` the whole report.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If the experiment names no theories, one of them cannot be run, or the folder
        holds another study.

    Examples
    --------
    >>> import sim
    >>> held = sim.rivals("r01_rival_theories", workers=2)  # doctest: +SKIP
    >>> print(held.notes()[0])  # doctest: +SKIP
    """
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver
    from sim.pictures.style import save_all
    from sim.theories.page import write_page
    from sim.theories.rivals import run_rivals
    from sim.theories.structure import plan_of as rivals_plan

    plan = plan_of(experiment, plugin)
    section = rivals_plan(plan)
    size = section.options.particles * section.options.generations
    least = len(section.structures) * size
    driver, sentence = choose_driver(Cast(plan.scenario), least, engine)
    watch.say(sentence)
    with watch.stage("steps") as progress:
        result = run_rivals(
            plan,
            out=None if out is None else Path(out),
            workers=workers_asked(workers, None),
            engine=driver.name,
            progress=progress,
            tell=watch.say,
        )
    answer = RivalsAnswer(result, write_page(result))
    save_all(answer.pictures(), result.path)
    return answer
