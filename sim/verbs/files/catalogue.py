"""``list``: the scenarios that ship with escalade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import SimError
from sim.verbs.arguments import header
from sim.verbs.watch import SILENT, Watch

if TYPE_CHECKING:
    import pandas as pd


def shipped(watch: Watch = SILENT) -> list[dict[str, Any]]:
    """Return what each shipped scenario is; of one that cannot be used it is said."""
    from sim.scenario.load import load, shipped_scenarios

    scenarios: list[dict[str, Any]] = []
    for name, file in shipped_scenarios().items():
        try:
            scenario = load(file)
        except SimError as error:
            watch.say(f"{name} cannot be used: {error}")
            continue
        actors = [actor.label for actor in scenario.actors]
        scenarios.append(header(scenario) | {"actors": actors})
    return scenarios


def list_scenarios() -> pd.DataFrame:
    """List the scenarios that ship with escalade, as ``escalade list`` does.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, by its id: title, status, `start` and `end` (dates),
        `horizon_days` (days), digest, file and actors.

    Raises
    ------
    RunError
        If the folder of scenarios cannot be read. A scenario that cannot be used is
        left out.

    Examples
    --------
    >>> import sim
    >>> sim.list_scenarios().loc["iraq_2019_2020", "horizon_days"].item()
    252.0
    """
    import pandas as pd

    frame: Any = pd.DataFrame(shipped())
    return frame.set_index("id")
