"""``ablate``: what each mechanism of a scenario moves, switched off."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError, nearest, one_of
from sim.scenario.scenario import Scenario
from sim.statistics.variance import FEWEST_DRAWS
from sim.verbs.answer import Answer
from sim.verbs.arguments import (
    MOST_DRAWS,
    MOST_REPLICATIONS,
    caution,
    days_until,
    folder_asked,
    kinds_of,
    listed,
    require,
    say_caution,
    scenario_of,
    several,
    workers_asked,
)
from sim.verbs.watch import Watch, watch_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pandas as pd

    from sim.ledger.ledger import Ledger
    from sim.pictures.style import Pictures
    from sim.rules.behaviour import Kind


@dataclass(frozen=True, eq=False, repr=False)
class LedgerAnswer(Answer):
    """What each mechanism of a scenario moves when it is switched off, and all."""

    result: Ledger
    path: Path | None = None

    def headline(self) -> str:
        """Return the scenario, and how much was run."""
        ledger = self.result
        drawn = f", {ledger.draws}" if ledger.draws else ""
        return (
            f"{ledger.scenario.name}: {ledger.replications} replications an arm"
            f"{drawn}, root_seed {ledger.root_seed}, {ledger.until:g} days"
        )

    def table(self) -> pd.DataFrame:
        """Return one row a mechanism, setting and outcome, on minus off."""
        from sim.ledger.table import ledger_table

        return ledger_table(self.result)

    def notes(self) -> list[str]:
        """Return caution, legend, and what all feedback together moves."""
        from sim.ledger.table import legend, null_words

        moved = "; ".join(null_words(self.result)) or "nothing by a size that counts"
        first = caution(self.result.scenario)
        texts = (first, *legend(self.result), f"All feedback together moves: {moved}.")
        return [text for text in texts if text]

    def _repr_html_(self) -> str:
        import pandas as pd

        from sim.ledger.table import table_cells, table_heads

        heads = pd.Index(table_heads(self.result))
        return self.html(pd.DataFrame(table_cells(self.result), columns=heads))

    def data(self) -> dict[str, Any]:
        """Return what the command prints with ``--json``."""
        from sim.ledger.table import ledger_data

        out = None if self.path is None else str(self.path)
        return ledger_data(self.result) | {"out": out}

    def pictures(self) -> Pictures:
        """Return what plots the ledger."""
        from sim.pictures.ledger import ledger_picture

        return {"ledger": lambda: ledger_picture(self.result)}

    def write(self, folder: Path) -> None:
        """Write table, data, page and picture."""
        from sim.files import write_json, write_text
        from sim.ledger.table import ledger_data, markdown
        from sim.pictures.style import save_all

        table: Any = self.table()
        write_text(folder / "ledger.csv", table.to_csv(index=False))
        write_json(folder / "ledger.json", ledger_data(self.result))
        write_text(folder / "ledger.md", markdown(self.result))
        save_all(self.pictures(), folder)


def ablate(
    scenario: str | os.PathLike[str] | Scenario,
    *,
    arm: str | None = None,
    changes: Mapping[str, Any] | None = None,
    free_from: str | date | None = None,
    replications: int | None = None,
    root_seed: int = 1,
    until: str | float | date | None = None,
    outcomes: str | Sequence[str] | None = None,
    mechanism: str | Sequence[str] | None = None,
    posterior: str | os.PathLike[str] | None = None,
    draws: int | None = None,
    workers: int | None = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | bool | None = None,
    engine: str = "auto",
    plugin: str | Sequence[str] | None = None,
    watch: bool | Watch = True,
) -> LedgerAnswer:
    """Switch each mechanism off, then all, in coupled worlds; show what that moves.

    Parameters
    ----------
    scenario
        As in `sim.run`; or an experiment, of which an arm is taken.
    arm
        Which arm of it; the first when None.
    changes, free_from, root_seed, until, workers, cluster, engine, plugin, watch
        As in `sim.run`.
    replications
        Of each arm, 30 or more: 2000 when None; with a posterior, of each draw, 2.
    outcomes
        Names of what is measured, which end in ``_true``.
    mechanism
        ``KIND.NAME`` or ``KIND`` of the rows to run, and the null; all when None.
    posterior, draws
        Numbers are drawn from it, as in `sim.run`.
    out
        Folder that keeps each row when it is finished; True gives it one of its own;
        None keeps nothing.

    Returns
    -------
    LedgerAnswer
        `table` has one row a mechanism, setting and outcome: on minus off, mean over
        pairs, in the outcome's unit, with 95 % interval.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    StudyError
        If the request is unsound, or the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> answer = sim.ablate(
    ...     "iraq_endogenous_2019_2020", replications=30, until=30,
    ...     mechanism="militia.claims",
    ... )
    >>> answer
    <Ledger: iraq_endogenous_2019_2020: 30 replications an arm, root_seed 1, 30 days>
    >>> answer.table()["mechanism"].unique().tolist()
    ['militia.claims', 'null']
    """
    from sim.ensemble.draw_set import DRAWS
    from sim.experiment.posterior import read_posterior
    from sim.ledger.ablation import ablate as ledger_of
    from sim.ledger.ablation import folder_of
    from sim.ledger.ledger import HEADLINES
    from sim.ledger.switches import blank_rows

    watch = watch_of(watch)
    crew = workers_asked(workers, cluster)
    require("--root-seed", root_seed, 0)
    if replications is not None:
        require("--replications", replications, 1, MOST_REPLICATIONS)
    if draws is not None:
        require("--draws", draws, FEWEST_DRAWS, MOST_DRAWS)
    if draws is not None and posterior is None:
        message = "--draws needs --posterior, from which to draw"
        raise StudyError(message)
    one, length = _asked(scenario, arm, changes or {}, free_from, kinds_of(plugin))
    length = length if until is None else days_until(until, one)
    say_caution(one, watch)
    if blank := blank_rows(one):
        names = ", ".join(blank)
        watch.say(
            f"cannot be switched off, since no neutral value is declared: {names}"
        )
    drawn_from = None if posterior is None else read_posterior(Path(posterior))
    request: dict[str, Any] = {
        "replications": replications,
        "root_seed": root_seed,
        "until": length,
        "outcomes": listed(outcomes) or HEADLINES,
        "posterior": drawn_from,
        "draws": DRAWS if draws is None else draws,
    }
    folder = folder_asked(out, folder_of(one, **request))
    if folder is not None:
        watch.keep(f"finished rows are kept in {folder}")
    with watch.stage(f"switching off, {one.name}", crew) as progress:
        ledger = ledger_of(
            one,
            **request,
            mechanisms=several(mechanism),
            workers=crew,
            out=folder,
            progress=progress,
            engine=engine,
            tell=watch.say,
        )
    answer = LedgerAnswer(ledger, folder)
    if folder is not None:
        answer.write(folder)
    return answer


def _asked(
    scenario: str | os.PathLike[str] | Scenario,
    arm: str | None,
    changes: Mapping[str, Any],
    free_from: str | date | None,
    kinds: Mapping[str, Kind],
) -> tuple[Scenario, float]:
    """Return the scenario that is asked for, and how long it is simulated."""
    from sim.experiment.load import load_experiment
    from sim.experiment.named import is_experiment
    from sim.experiment.variant import variant_of

    file = scenario.name if isinstance(scenario, Scenario) else os.fspath(scenario)
    if isinstance(scenario, Scenario) or not is_experiment(file):
        if arm is not None:
            message = f"--arm {arm}: {file} is no experiment and has no arms"
            raise StudyError(message)
        one = scenario_of(scenario, changes, free_from, kinds=kinds)
        return one, one.horizon
    if free_from is not None:
        message = "--from is for a scenario; an experiment's own scenario says it"
        raise StudyError(message)
    plan = load_experiment(file, kinds)
    arms = {each.name: each for each in plan.arms}
    if arm is not None and arm not in arms:
        message = f"--arm {arm}: {plan.name} has {one_of(arms)}{nearest(arm, arms)}"
        raise StudyError(message)
    chosen = plan.arms[0] if arm is None else arms[arm]
    mine = {**plan.changes, **chosen.variant.changes, **changes}
    variant = replace(chosen.variant, changes=mine)
    return variant_of(plan.document, variant, kinds=kinds), plan.until
