"""What a scenario says about one foreign power, with units and limits."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Parameter
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    planning_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            90.0,
            "median time from order to strike",
            mechanism="strikes",
        ),
    ]
    planning_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that time",
            mechanism="strikes",
        ),
    ]
    decision_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            90.0,
            "mean time to decide on a strike",
            mechanism="strikes",
        ),
    ]
    proportionality: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "size of a strike; 1 is the record's",
            mechanism="strike_harm",
        ),
    ]
    strike_killed: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            200.0,
            "mean militia dead at size 1",
            mechanism="strike_harm",
            neutral=0.0,
        ),
    ]
    strike_killed_host: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            200.0,
            "mean dead of the host's forces",
            mechanism="strike_harm",
            neutral=0.0,
        ),
    ]
    strike_killed_civilian: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            200.0,
            "mean civilian dead at size 1",
            mechanism="strike_harm",
            neutral=0.0,
        ),
    ]
    strike_wounded: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            500.0,
            "mean militia wounded at size 1",
            mechanism="strike_harm",
            neutral=0.0,
        ),
    ]
    strike_launchers: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of the target's launchers it destroys",
            mechanism="launchers_destroyed",
            neutral=0.0,
        ),
    ]
    demand_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "demands to the host when fully provoked",
            mechanism="demands",
            neutral=0.0,
        ),
    ]
    demand_reciprocity: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "readiness to demand per attack recalled",
            mechanism="demands",
        ),
    ]
    provocation_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            730.0,
            "time in which an attack fades to 1/e",
            mechanism="demands",
        ),
    ]
    news_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.001,
            30.0,
            "mean delay until it learns of acts",
            mechanism="late_news",
            neutral=0.001,
        ),
    ]
    evidence: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "how often evidence points to the author",
            mechanism="attribution_error",
            neutral=1.0,
        ),
    ]
    tolerance: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.001,
            1000.0,
            "harm at which a strike on one site is even odds",
            mechanism="strikes",
            neutral=1000.0,
        ),
    ]
    support_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "shows of support for the host",
            mechanism="support",
            neutral=0.0,
        ),
    ] = 0.0
    talks_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "rounds of talks with the host",
            mechanism="talks",
            neutral=0.0,
        ),
    ] = 0.0
    handover_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "bases handed over to the host",
            mechanism="handovers",
            neutral=0.0,
        ),
    ] = 0.0
    leave_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "log rise of that per demand to leave",
            mechanism="demands_to_leave_heeded",
            neutral=0.0,
        ),
    ] = 0.0
    leave_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            3650.0,
            "time in which a demand to leave fades to 1/e",
            mechanism="demands_to_leave_heeded",
        ),
    ] = 60.0
    evacuation_threat_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            1.0,
            "threats to leave when fully provoked",
            mechanism="threats_to_leave",
            neutral=0.0,
        ),
    ] = 0.0
    ladder_ratio: Annotated[
        float,
        Parameter(
            D.NUMBER,
            1.01,
            20.0,
            "harm of one rung, in that of the one below",
        ),
    ] = 2.5
    ladder_slope: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.2,
            8.0,
            "slope of the log odds of an answer in the log of harm",
        ),
    ] = 2.0
    wounded_weight: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1.0,
            "harm of one wounded, in deaths",
            mechanism="wounded_count",
            neutral=0.0,
        ),
    ] = 0.15
    sponsor_belief: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "how far it holds the sponsor to be behind attacks",
            mechanism="blame_of_the_sponsor",
            neutral=0.0,
        ),
    ] = 0.0
    storming_weight: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "harm of a storming, in deaths laid to the sponsor",
            mechanism="stormings_count",
            neutral=0.0,
        ),
    ] = 0.0
    direct_weight: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "harm of a direct strike beside its dead and wounded",
            mechanism="direct_strikes_count",
            neutral=0.0,
        ),
    ] = 0.0


MECHANISMS: Final = (
    Mechanism("strike_harm", "strikes do harm", "a strike kills and wounds"),
    Mechanism(
        "launchers_destroyed",
        "strikes destroy launchers",
        "a strike destroys launchers of its target",
    ),
    Mechanism(
        "demands",
        "demands to the government",
        "attacks that it remembers bring demands to act",
        acts=(Act.DEMAND,),
    ),
    Mechanism(
        "support",
        "shows of support",
        "shows support for the government of its own accord",
        acts=(Act.SUPPORT,),
    ),
    Mechanism(
        "talks",
        "talks",
        "holds talks on its presence of its own accord",
        acts=(Act.TALKS,),
    ),
    Mechanism(
        "handovers",
        "bases handed over",
        "hands bases over to the government, and leaves them",
        acts=(Act.BASE_HANDOVER,),
    ),
    Mechanism(
        "demands_to_leave_heeded",
        "demands to leave are heeded",
        "a demand to leave speeds the hand-over of bases",
        is_feedback=True,
    ),
    Mechanism(
        "threats_to_leave",
        "threats to leave",
        "attacks that it remembers bring threats to leave",
        acts=(Act.EVACUATION_THREAT,),
    ),
    Mechanism("late_news", "late news", "learns of acts after a delay"),
    Mechanism(
        "attribution_error",
        "wrong attribution",
        "does not always know who did a covert act",
    ),
    Mechanism(
        "strikes",
        "strikes by tolerance",
        "harm laid to a militia, once it is more than tolerated, brings a strike on it",
        acts=(Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING),
    ),
    Mechanism(
        "wounded_count", "wounded count", "its wounded count as harm, not only its dead"
    ),
    Mechanism(
        "blame_of_the_sponsor",
        "blame of the sponsor",
        "lays the harm of attacks to the sponsor too, and answers it by the ladder",
        acts=(Act.ACCUSATION, Act.SANCTION, Act.MOBILISATION),
    ),
    Mechanism(
        "stormings_count",
        "a storming counts against the sponsor",
        "lays a storming of its embassy to the sponsor, and answers it by the ladder",
        acts=(Act.MOBILISATION, Act.LEADER_KILLING),
    ),
    Mechanism(
        "direct_strikes_count",
        "a direct strike is harm",
        "holds a direct strike for harm beside its dead, and answers it by the ladder",
        acts=(Act.DIRECT_STRIKE,),
    ),
)
