"""Events that compete: which of them comes first, and what an arm does to that.

The first raid changes what the first strike would have met, so "the time to the first
strike if there were no raid" is a question about another world. What can be compared is
which comes first, and by when: cumulative incidence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.errors import StudyError
from sim.outcomes import Outcome
from sim.statistics.survival import Incidence, cumulative_incidence, first_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sim.comparison.pairing import ArmOutcomes


def with_competing(arm: ArmOutcomes, times: Sequence[str]) -> ArmOutcomes:
    """Return an arm with an outcome more for each of several competing events.

    ``..._comes_first`` is 1 where the event came, and before the others; nan where the
    replication failed. The events are named by their censored times, such as
    ``time_to_first_raid_days_true``; a StudyError says that one is none, or the only
    one.
    """
    _, causes, defined = _firsts(arm, times)
    frame: Any = arm.outcomes.copy()
    table = dict(arm.table)
    for place, name in enumerate(times):
        row = arm.table[name]
        new = f"{row.companion.replace('_happened', '')}_comes_first"
        event = row.label.removeprefix("time to ")
        column: Any = (causes == place + 1).astype(float)
        column[~defined] = float("nan")
        frame[new] = column
        others = ", ".join(
            arm.table[other].label.removeprefix("time to ")
            for other in times
            if other != name
        )
        table[new] = Outcome(
            name=new,
            label=f"{event.replace('first ', '')} comes first",
            unit="share",
            kind="share",
            meaning=f"1 when the {event} came within the horizon, before any {others}",
            is_reported=row.is_reported,
            aggregate="proportion",
        )
    return replace(arm, outcomes=frame, table=table)


def competing_names(arm: ArmOutcomes, times: Sequence[str]) -> list[str]:
    """Return the names of the outcomes that `with_competing` adds."""
    return [
        f"{arm.table[name].companion.replace('_happened', '')}_comes_first"
        for name in times
    ]


def incidence_of(arm: ArmOutcomes, times: Sequence[str]) -> Incidence:
    """Return by when each of the competing events came first in an arm."""
    time, causes, defined = _firsts(arm, times)
    labels = tuple(arm.table[name].label.removeprefix("time to ") for name in times)
    return cumulative_incidence(time[defined], causes[defined], labels)


def _firsts(
    arm: ArmOutcomes, times: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return time and number of the first event, and where they are defined."""
    import numpy as np

    for name in times:
        if name not in arm.table or arm.table[name].aggregate != "censored":
            message = (
                f"{name!r} is not the time to an event; events that compete are named "
                "by such times, as time_to_first_raid_days_true"
            )
            raise StudyError(message)
    columns = {
        name: (
            arm.outcomes[name].to_numpy(dtype=float),
            arm.outcomes[arm.table[name].companion].to_numpy(dtype=float),
        )
        for name in times
    }
    time, causes = first_of(columns)
    every = np.stack([pair[0] for pair in columns.values()])
    defined: NDArray[np.bool_] = np.asarray(~np.isnan(every).any(axis=0))
    return time, causes, defined
