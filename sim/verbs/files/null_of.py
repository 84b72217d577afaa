"""``sim.null_of``: a scenario in which nothing answers anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.verbs.arguments import scenario_of

if TYPE_CHECKING:
    import os

    from sim.scenario.scenario import Scenario


def null_of(scenario: str | os.PathLike[str] | Scenario) -> Scenario:
    """Return a scenario with every mechanism off: nothing answers anything.

    What starts of its own accord stays, and so do limits of means and of sight that
    answer nobody: attacks at their calm rate, and the harm that they do. Developments
    that put incidents in, and those that change other parameters, stay too.

    Parameters
    ----------
    scenario
        A scenario file, the id of a shipped one, or what `sim.load` loaded.

    Returns
    -------
    Scenario
        Of another `digest`, since its numbers differ: rates per day and shares by which
        somebody answers are at their neutral values.

    Raises
    ------
    ScenarioError
        With every fault of the file.

    Examples
    --------
    >>> import sim
    >>> null = sim.null_of("iraq_endogenous_2019_2020")
    >>> log = sim.replay(null, 0).log
    >>> sorted({act.name for act in {record.act for record in log.records} if act})
    ['BASE_HANDOVER', 'CONVOY_BOMB', 'GOVERNMENT_SWORN_IN', 'ROCKET_ATTACK']

    The hand-overs and the new government are put in by the scenario.
    """
    from sim.ledger.switches import null_of as with_all_off

    return with_all_off(scenario_of(scenario))
