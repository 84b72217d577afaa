"""Scenarios at the corners of what a file may say: every parameter at a limit."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.rules.behaviour import parameter_table

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def corner_of(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario with many parameters of every actor at a legal limit.

    Each corner mixes three sorts (as they are, at the low limit, at the high one) in
    its own proportions; the same number is the same corner. Changes by developments
    are left out, since they would leave the limits from there.
    """
    chance = random.Random(number)
    weights = [chance.random() ** 2 for _ in range(3)]

    def params_at(table: Any, params: Any) -> Any:
        return params._replace(
            **{
                name: chance.choices(
                    (getattr(params, name), row.low, row.high), weights
                )[0]
                for name, row in table.items()
            }
        )

    actors = tuple(
        replace(one, params=params_at(parameter_table(one.kind), one.params))
        for one in scenario.actors
    )
    return replace(scenario, actors=actors, changes=(), path="")
