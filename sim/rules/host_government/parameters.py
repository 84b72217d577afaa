"""What a scenario says about one host government, with units and limits."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.rules.behaviour import Parameter
from sim.units import Dimension as D


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    tolerance: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how far it looks away; 1 never acts")
    ]
    resolve: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "will to act where it does not look away")
    ]
    ability: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "reach of its forces against a militia")
    ]
    investigation_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "inquiries per militia at full effort")
    ]
    intelligence_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one inquiry")
    ]
    trace_gain: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "intelligence from one attack's traces")
    ]
    intelligence_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which it ages to 1/e")
    ]
    intelligence_needed: Annotated[
        float, Parameter(D.NUMBER, 0.01, 100.0, "intelligence that gives half effect")
    ]
    raid_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "raids on a militia when all speaks for it")
    ]
    impatience_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered attack")
    ]
    impatience_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    pressure_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per remembered demand")
    ]
    pressure_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e")
    ]
    fear_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "log fall of the drive per menace")
    ]
    fear_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which a menace fades to 1/e")
    ]
    planning_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to plan a raid")
    ]
    planning_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    arrests_mean: Annotated[
        float, Parameter(D.NUMBER, 0.0, 200.0, "mean persons arrested in a raid")
    ]
    seizure_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the launchers a raid seizes")
    ]
    interdiction_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "chance that a raid breaks an attack, all known"),
    ]
    detection_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to notice a launch team in place")
    ]
    reaction_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 10.0, "mean time from notice to arrival")
    ]
    custody_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 3650.0, "median time until courts decide")
    ]
    custody_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    release_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of the arrested that it lets go")
    ]
    yield_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to give way to a show of force")
    ]
    yield_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time until it gives way")
    ]
    accusation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to accuse after a strike")
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of its statements")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often evidence points to the author")
    ]
    authority_start: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "its authority at the start", 1.0)
    ] = 1.0
    authority_rest: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority that it drifts to", 1.0)
    ] = 1.0
    authority_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 3650.0, "time of that drift, to 1/e", 90.0)
    ] = 90.0
    attack_loss: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "authority lost by an attack on its soil", 0.0),
    ] = 0.0
    defiance_loss: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority lost by menace or defiance", 0.0)
    ] = 0.0
    breach_loss: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority lost by a foreign strike", 0.0)
    ] = 0.0
    enforcement_gain: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority won by a raid or a find", 0.0)
    ] = 0.0
    find_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "chance to find a launcher after an attack", 0.0),
    ] = 0.0
    support_effect: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "drive to act per show of support", 0.0)
    ] = 0.0
    support_memory: Annotated[
        float,
        Parameter(D.DURATION, 0.5, 730.0, "time in which that fades to 1/e", 60.0),
    ] = 60.0
    demand_to_leave_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance to ask the striker to leave", 0.0)
    ] = 0.0
    expulsion_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "chance of a vote to expel after a killing", 0.0),
    ] = 0.0
    restriction_rate: Annotated[
        float,
        Parameter(D.RATE, 0.0, 2.0, "curbs on the sponsor when all speaks for it", 0.0),
    ] = 0.0
    commander_awe: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "how far the sponsor's commander deters curbs", 0.0
        ),
    ] = 0.0
