"""What a scenario says about one foreign power, with units and limits."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.rules.behaviour import Parameter
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    red_line: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000.0, "own deaths in one attack that cross it")
    ]
    strike_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike once it is crossed")
    ]
    strike_share_below: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance of a strike short of it")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time from order to strike")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide on a strike")
    ]
    proportionality: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "size of a strike; 1 is the record's")
    ]
    strike_killed: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean militia dead at size 1")
    ]
    strike_killed_host: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean dead of the host's forces")
    ]
    strike_killed_civilian: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean civilian dead at size 1")
    ]
    strike_wounded: Annotated[
        float, Parameter(D.NUMBER, 0.0, 500.0, "mean militia wounded at size 1")
    ]
    strike_launchers: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of the target's launchers it destroys"),
    ]
    demand_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "demands to the host when fully provoked")
    ]
    demand_reciprocity: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "readiness to demand per attack recalled")
    ]
    provocation_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which an attack fades to 1/e")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]
    leader_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to kill a leader when its embassy is stormed",
            0.0,
        ),
    ] = 0.0
    accusation_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to accuse the sponsor after an attack", 0.0
        ),
    ] = 0.0
    sanction_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance of a sanction after a blow by the sponsor", 0.0
        ),
    ] = 0.0
    mobilisation_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to mobilise when its embassy is stormed", 0.0
        ),
    ] = 0.0
    direct_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to strike the sponsor back, line crossed", 0.0
        ),
    ] = 0.0
    direct_killed: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 1000.0, "mean dead of the sponsor in a direct strike", 0.0
        ),
    ] = 0.0
    statement_days: Annotated[
        float,
        Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and measures", 0.5),
    ] = 0.5
    support_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "shows of support for the host", 0.0)
    ] = 0.0
    talks_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "rounds of talks with the host", 0.0)
    ] = 0.0
    handover_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "bases handed over to the host", 0.0)
    ] = 0.0
    leave_effect: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "log rise of that per demand to leave", 0.0),
    ] = 0.0
    leave_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            3650.0,
            "time in which a demand to leave fades to 1/e",
            60.0,
        ),
    ] = 60.0
    evacuation_threat_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 1.0, "threats to leave when fully provoked", 0.0)
    ] = 0.0
