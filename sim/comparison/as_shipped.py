"""Differences with the scenario's numbers as shipped, beside those over draws of them.

Over draws a mean may have another sign than the numbers as shipped give, or be lost in
their spread: whoever has read the one must be told of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.comparison.standings import standings_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.comparison.pairing import ArmOutcomes
    from sim.outcomes import Outcome


def differences_as_shipped(
    arms: Sequence[ArmOutcomes], outcomes: Mapping[str, Outcome], root_seed: int
) -> list[dict[str, Any]]:
    """Return every two arms' differences as plain data.

    Parameters
    ----------
    arms
        Coupled, the reference first.
    outcomes
        By name.
    root_seed
        Of the study.

    Returns
    -------
    list of dict
        One an outcome and pair: `outcome`, `arm`, `against`, and by how much the arm
        has more, `value`, with the 95 % interval `low` to `high` that `escalade
        compare` gives without draws, of chance alone; in the outcome's unit.
        Replications that failed in an arm are left out of all.
    """
    whole = set[int].intersection(
        *({*arm.outcomes.index} - {*arm.failed} for arm in arms)
    )
    rows = sorted(whole)
    columns = {
        name: {arm.name: arm.outcomes[name].loc[rows].to_numpy(float) for arm in arms}
        for name in outcomes
    }
    return [
        {
            "outcome": one.outcome.name,
            "arm": arm,
            "against": other,
            "value": difference.value,
            "low": difference.low,
            "high": difference.high,
        }
        for one in standings_of(columns, outcomes, root_seed).outcomes
        for (other, arm), difference in one.differences.items()
    ]
