"""``replay``: one replication, told as a dated story with causes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    caution,
    days_until,
    header,
    require,
    say_caution,
    say_changes,
    scenario_of,
    several,
)
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from sim.engine.log import IncidentLog, Record
    from sim.pictures.style import Pictures
    from sim.reports.narrative import Sentence
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False, repr=False)
class Replay(Answer):
    """One replication: its story, its records, and its outcomes."""

    scenario: Scenario
    log: IncidentLog
    """What happened, record by record."""
    altered: str = ""
    """What was made otherwise, in words."""
    every: bool = False
    """Whether each incident is told, or those alone that others can know of."""

    @cached_property
    def story(self) -> list[Sentence]:
        """What happened, sentence by sentence, with what each answers."""
        from sim.reports.narrative import narrate

        return narrate(self.log, self.scenario, every=self.every)

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """Each outcome by name, in its unit; nan where undefined."""
        from sim.outcomes import outcomes_of

        return outcomes_of(self.log, self.scenario)

    def records(self) -> pd.DataFrame:
        """Return what happened, one row a record, in order; `time` in days."""
        from sim.ensemble.frames import record_frame

        return record_frame(self.log)

    def table(self) -> pd.DataFrame:
        """Return the story: one row a sentence, by its number."""
        import pandas as pd

        rows = [one._asdict() | {"date": one.date} for one in self.story]
        columns = ["date", "text", "because", "cause", "press"]
        frame: Any = pd.DataFrame(rows)
        return frame.set_index("number")[columns]

    def headline(self) -> str:
        """Return scenario, replication, root_seed and days."""
        log, more = self.log, f", {self.altered}" if self.altered else ""
        return (
            f"{self.scenario.name}: replication {log.replication}, root_seed "
            f"{log.root_seed}, {log.horizon:g} days{more}"
        )

    def notes(self) -> list[str]:
        """Return the caution of an unchecked scenario."""
        return [text for text in (caution(self.scenario),) if text]

    def pictures(self) -> Pictures:
        """Return what plots the replication on the ladder."""
        from sim.pictures.ladder import ladder_picture
        from sim.pictures.style import Making

        log = self.log
        one = f"replication {log.replication}"
        making = Making(log.root_seed, one, log.horizon)
        return {"ladder": lambda: ladder_picture(log, self.scenario, making)}

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.engine.log import COLUMNS, LOG_VERSION

        log = self.log
        return {
            "scenario": header(self.scenario),
            "root_seed": log.root_seed,
            "replication": log.replication,
            "until_days": log.horizon,
            "outcomes": self.outcomes,
            "story": [
                one._asdict() | {"when": one.when.isoformat(timespec="seconds")}
                for one in self.story
            ],
            "log_version": LOG_VERSION,
            "columns": list(COLUMNS),
            "records": [list(row) for row in log.rows()],
        }


def replay(
    scenario: str | os.PathLike[str] | Scenario,
    replication: int,
    *,
    root_seed: int = 1,
    free_from: str | date | None = None,
    past: str | None = None,
    until: str | float | date | None = None,
    changes: Mapping[str, Any] | None = None,
    lineage: str | Sequence[str] | None = None,
    without: str | Sequence[str] | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    every: bool = False,
    watch: bool | Watch = True,
) -> Replay:
    """Tell one replication as a dated story with causes, as ``escalade replay`` does.

    Parameters
    ----------
    scenario
        A scenario file, the id of a shipped one, or what `sim.load` loaded.
    replication
        Its number, 0 to 2**64 - 1: the same chance as in a run.
    every
        Whether to tell each incident apart: also moves of readiness, which nobody
        observes, and claims.
    root_seed, free_from, past, until, changes, lineage, without, engine, plugin, watch
        As in `sim.run`.

    Returns
    -------
    Replay
        `table` has one row a sentence, `records` one a record, with `time` in days
        since the start.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    StudyError
        If the request is unsound.
    RunError
        If the replication breaks.

    Examples
    --------
    >>> import sim
    >>> one = sim.replay("iraq_2019_2020", 7, until=60)
    >>> one
    <Replay: iraq_2019_2020: replication 7, root_seed 1, 60 days>
    >>> list(one.table().columns)
    ['date', 'text', 'because', 'cause', 'press']
    >>> few = sim.run("iraq_2019_2020", replications=8, until=60)
    >>> int(few.outcomes.loc[7, "n_raids"]) == one.outcomes["n_raids"]
    True
    """
    from sim.engine.alteration import alteration_of
    from sim.engine.cast import Cast
    from sim.engine.choice import choose_driver

    watch = watch_of(watch)
    require("--replication", replication, 0)
    require("--root-seed", root_seed, 0)
    one = scenario_of(scenario, changes, free_from, plugin, past=past)
    length = days_until(until, one)
    say_caution(one, watch)
    say_changes(scenario, changes, plugin, one, watch)
    driver, _ = choose_driver(Cast(one), 1, engine, length)
    left_out = several(without)
    if any(text.isdecimal() and len(text) < 32 for text in left_out):
        turned = alteration_of(one.start, several(lineage))
        own = list(driver.log(root_seed, replication, length, turned).incidents())
        left_out = tuple(_identity_text(text, own) for text in left_out)
    altered = alteration_of(one.start, several(lineage), left_out)
    log = driver.log(root_seed, replication, length, altered)
    return Replay(one, log, str(altered) if altered else "", every)


def _identity_text(text: str, own: Sequence[Record]) -> str:
    """Return the identity of the incident that a number in the story means."""
    if not text.isdecimal() or len(text) >= 32:
        return text
    if not 1 <= int(text) <= len(own):
        message = f"--without {text}: its incidents are 1 to {len(own)}"
        raise StudyError(message)
    return f"{own[int(text) - 1].identity:032x}"
