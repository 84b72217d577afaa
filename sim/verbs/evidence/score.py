"""``score``: how good forecasts were, from origins of the past or by file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import day_from, several, workers_asked
from sim.verbs.studies.sweep import plan_of
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from sim.forecasts.scoring import Difference, Score
    from sim.pictures.style import Pictures


@dataclass(frozen=True, eq=False, repr=False)
class ScoreAnswer(Answer):
    """What forecasters said of windows, what came, and how good that was."""

    scores: Sequence[Score]
    title: str
    """What was asked, or by what the forecasts were resolved."""
    origin: str
    """What pictures name as where it is from."""
    more: Mapping[str, Any]
    """What JSON says first."""
    path: Path | None = None

    @cached_property
    def differences(self) -> list[Difference]:
        """How much better or worse than each yardstick."""
        from sim.forecasts.scoring import paired_differences

        return paired_differences(self.scores)

    def headline(self) -> str:
        """Return how many answers of whom were scored."""
        names = dict.fromkeys(one.forecaster for one in self.scores)
        return f"{len(self.scores)} answers of {', '.join(names)}, by {self.origin}"

    def table(self) -> pd.DataFrame:
        """Return the mean of each score, a row a question, score and forecaster.

        Lower is better; counts are scored in the count's unit (CRPS).
        """
        from sim.forecasts.score_table import summary_frame

        return summary_frame(self.scores)

    def answers(self) -> pd.DataFrame:
        """Return one row an answer, unrounded, with what came."""
        from sim.forecasts.score_table import score_frame

        return score_frame(self.scores)

    def notes(self) -> list[str]:
        """Return who was better, and what is to be minded of the record."""
        from sim.forecasts.score_table import notes_of, verdict

        first = [verdict(self.differences)] if self.differences else []
        return [self.title, *first, *notes_of(self.scores)]

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.forecasts.score_table import score_data

        return {**self.more, **score_data(self.scores, self.differences)}

    def pictures(self) -> Pictures:
        """Return what plots what was said beside what came, and the reliability."""
        from sim.pictures.evidence.score import score_pictures

        return score_pictures(self.scores, self.origin)


def score(
    *inputs: str | os.PathLike[str],
    events: str | os.PathLike[str] | None = None,
    coded_until: str | date | None = None,
    question: str | Sequence[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    workers: int | None = 1,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> ScoreAnswer:
    """Score forecasts: from an experiment's origins, or files against later events.

    An experiment is refitted at each of its origins to what was known then, and
    forecasts from there; the same call goes on where it was broken off.

    Parameters
    ----------
    inputs
        An experiment with a section ``score`` (file, folder, id), or forecasts' files.
    events
        What happened, for forecasts by file: a table of docs/forecasts.md.
    coded_until
        All days up to, and without, this one were coded in `events`.
    question
        Id or ids that are scored alone, where `events` codes no more.
    out
        Folder of the tables and pictures; when None in ``runs/`` for an experiment,
        none for forecasts by file.
    workers, engine, plugin, watch
        As in `sim.run`.

    Returns
    -------
    ScoreAnswer
        `table` has the mean of each proper score: lower is better.

    Raises
    ------
    ScenarioError
        With every fault of a file.
    StudyError
        If the request is unsound, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     said = sim.forecast(
    ...         "iraq_2019_2020", free_from="2020-03-01", days=14, replications=20,
    ...         question="n_rocket_attacks", out=f"{folder}/said.json",
    ...     )
    ...     marks = sim.score(f"{folder}/said.json", events="docs/examples/events.csv")
    >>> marks
    <Score: 1 answers of escalade, by events.csv>
    >>> marks.answers()["observed"].tolist()
    [2]
    """
    watch = watch_of(watch)
    names = [os.fspath(one) for one in inputs]
    if not names:
        message = "score needs an experiment, or files of forecasts (.json)"
        raise StudyError(message)
    by_file = [name for name in names if name.endswith(".json")]
    if by_file and len(by_file) < len(names):
        other = next(name for name in names if name not in by_file)
        message = f"{other} is no forecast's file (.json); score either kind alone"
        raise StudyError(message)
    folder, questions = None if out is None else Path(out), several(question)
    if by_file:
        return _of_files(by_file, events, coded_until, questions, folder)
    if len(names) > 1 or events is not None or coded_until is not None or questions:
        message = (
            "--events, --coded-until and --question go with forecasts by file (.json); "
            "an experiment is scored on its scenario's own record"
            if len(names) == 1
            else "name one experiment, or files of forecasts (.json)"
        )
        raise StudyError(message)
    from sim.engine.cast import Cast
    from sim.ensemble.compiling import settled_engine
    from sim.forecasts.origin import scoring_of
    from sim.forecasts.rolling import run_origins, write_rolling
    from sim.pictures.style import save_all

    experiment = plan_of(names[0], plugin)
    plan = scoring_of(experiment)
    least = (plan.options.particles + plan.size.total) * len(plan.windows)
    crew = workers_asked(workers, None)
    name = settled_engine(
        Cast(experiment.scenario), least, engine, experiment.until, crew, watch.say
    )
    with watch.stage("particles and windows") as progress:
        rolling = run_origins(
            experiment,
            out=folder,
            workers=crew,
            engine=name,
            progress=progress,
            tell=watch.say,
        )
    answer = ScoreAnswer(
        scores=write_rolling(rolling),
        title=experiment.question,
        origin=experiment.name,
        more={"experiment": experiment.name, "folder": str(rolling.path)},
        path=rolling.path,
    )
    save_all(answer.pictures(), rolling.path)
    return answer


def _of_files(
    names: Sequence[str],
    events: str | os.PathLike[str] | None,
    coded_until: str | date | None,
    questions: Sequence[str],
    out: Path | None,
) -> ScoreAnswer:
    """Score forecasts by file against events."""
    from sim.forecasts.file import read_forecast
    from sim.forecasts.score_table import write_scores
    from sim.forecasts.scoring import score_forecasts
    from sim.record.question import questions_named
    from sim.scenario.event_table import read_event_table

    if events is None:
        message = (
            "--events FILE.csv is needed: what happened, in the columns of "
            "docs/forecasts.md"
        )
        raise StudyError(message)
    file = Path(events)
    forecasts = [read_forecast(name) for name in names]
    after = day_from(coded_until, "--coded-until")
    first = min(forecast.origin for forecast in forecasts)
    if after is not None and after <= first:
        message = (
            f"--coded-until {after} does not come after the first origin, {first}: "
            "nothing would be coded"
        )
        raise StudyError(message)
    table = read_event_table(file, [] if after is None else [(first, after)])
    asked = [question.id for question in questions_named(questions)]
    scores = score_forecasts(forecasts, table, asked if questions else ())
    title, more = f"Resolved by {file}:", {"events": str(file)}
    answer = ScoreAnswer(scores, title, file.name, more, out)
    if out is not None:
        from sim.pictures.style import save_all

        out.mkdir(parents=True, exist_ok=True)
        write_scores(out, scores)
        save_all(answer.pictures(), out)
    return answer
