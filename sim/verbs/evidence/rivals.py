"""``rivals``: theories fitted, scored, named and asked the same policy question."""

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

    from sim.pictures.style import Pictures
    from sim.theories.rivals import Rivals


@dataclass(frozen=True, eq=False, repr=False)
class RivalsAnswer(Answer):
    """Rival theories side by side: their fits, scores, names and answers."""

    result: Rivals

    @property
    def path(self) -> Path:
        """The folder, with the page and its tables."""
        return self.result.path

    def text(self) -> str:
        """Return the whole page, Markdown."""
        from sim.theories.page import page_of

        return page_of(self.result)

    def headline(self) -> str:
        """Return the experiment, and the theories by name."""
        one = self.result
        return f"{one.experiment.name}: {'; '.join(one.labels.values())}"

    def table(self) -> pd.DataFrame:
        """Return one row an outcome and theory: arm minus reference, with interval.

        In the outcome's unit; the stacked answers last.
        """
        import pandas as pd

        from sim.theories.page import policy_rows

        return pd.DataFrame(policy_rows(self.result))

    def notes(self) -> list[str]:
        """Return where signs differ, and how soon a theory would be named."""
        from sim.theories.page import naming_sentence, signs_sentence

        one = self.result
        texts = (signs_sentence(one), naming_sentence(one))
        return [t for t in (*texts, caution(one.experiment.scenario)) if t]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.theories import page

        held = self.result
        return {
            "experiment": held.experiment.name,
            "scenario": held.experiment.scenario.name,
            "root_seed": held.experiment.root_seed,
            "folder": str(held.path),
            "signs": page.signs_sentence(held),
            "verdict": page.naming_sentence(held),
            "policy": page.policy_rows(held),
            "theories": page.theories_rows(held),
            "scores": page.scores_rows(held),
            "naming": page.naming_rows(held),
        }

    def pictures(self) -> Pictures:
        """Return what plots the answers, and how soon each theory is named."""
        from sim.pictures.evidence.rivals import rivals_pictures

        return rivals_pictures(self.result)


def rivals(
    experiment: str | os.PathLike[str],
    *,
    workers: int | None = 1,
    out: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> RivalsAnswer:
    """Hold rival theories against one another, and ask each the policy question.

    Each theory is a set of feedbacks that are on. It is fitted, scored from the same
    origins, and asked.

    Parameters
    ----------
    experiment
        One with the sections ``score`` and ``rivals``: its file, its folder, or a
        shipped one's id.
    workers, engine, plugin, watch
        As in `sim.run`.
    out
        Folder, where what was broken off goes on; in ``runs/`` when None.

    Returns
    -------
    RivalsAnswer
        `table` has one row an outcome and theory: arm minus reference, in the
        outcome's unit, with 95 % interval.

    Raises
    ------
    ScenarioError
        With every fault of the experiment's file.
    StudyError
        If it has no such sections, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> sim.rivals("f01_monthly_origins")
    Traceback (most recent call last):
    ...
    sim.errors.StudyError: ... has no section 'rivals'...
    """
    from sim.engine.cast import Cast
    from sim.ensemble.compiling import settled_engine
    from sim.pictures.style import save_all
    from sim.theories.page import write_page
    from sim.theories.rivals import run_rivals
    from sim.theories.structure import plan_of as theories_of

    watch = watch_of(watch)
    one = plan_of(experiment, plugin)
    plan = theories_of(one)
    least = len(plan.structures) * plan.options.particles * plan.options.generations
    crew = workers_asked(workers, None)
    name = settled_engine(Cast(one.scenario), least, engine, one.until, crew, watch.say)
    with watch.stage("steps") as progress:
        held = run_rivals(
            one,
            out=None if out is None else Path(out),
            workers=crew,
            engine=name,
            progress=progress,
            tell=watch.say,
        )
    write_page(held)
    answer = RivalsAnswer(held)
    save_all(answer.pictures(), held.path)
    return answer
