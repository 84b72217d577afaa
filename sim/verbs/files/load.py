"""``load``: a scenario, from its file or its id, with what is to be changed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.verbs.arguments import say_changes, scenario_of
from sim.verbs.watch import watch_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sim.scenario.scenario import Scenario


def load(
    scenario: str | os.PathLike[str] | Scenario,
    changes: Mapping[str, Any] | None = None,
    *,
    free_from: str | date | None = None,
    past: str | None = None,
    particles: int | None = None,
    plugin: str | Sequence[str] | None = None,
) -> Scenario:
    """Load a scenario file, or a shipped scenario by its id.

    Parameters
    ----------
    scenario
        A file, or the bare id of a shipped scenario such as ``iraq_2019_2020``.
    changes
        New values by path (``--set``): a number in the file's unit, or a text with one
        as a file has it.
    free_from
        Day up to which the coded record is put in (``--from``), such as
        ``2020-03-01``; the file's own when None.
    past, particles
        How it is put in, as in `sim.run`.
    plugin
        Module or modules that offer kinds of actor, or outcomes to be measured.

    Returns
    -------
    Scenario
        Checked and frozen; times in days, rates per day, shares 0 to 1.

    Raises
    ------
    ScenarioError
        With every fault of the file, or of the changes.
    StudyError
        If an argument is none, or a module offers nothing.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("iraq_2019_2020", {"actors.iraq.raid_rate": "1/week"})
    >>> scenario
    <Scenario iraq_2019_2020 (provisional): 252 days from 2019-10-28, ...>
    """
    loaded = scenario_of(
        scenario, changes, free_from, plugin, past=past, particles=particles
    )
    say_changes(scenario, changes, plugin, loaded, watch_of(watch=True))
    return loaded
