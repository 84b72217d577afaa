"""What a scenario says about one foreign power, with units and limits."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Parameter
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    red_line: Annotated[
        float,
        Parameter(
            D.COUNT,
            0.0,
            1000.0,
            "own deaths in one attack that cross it",
            mechanism="strikes",
        ),
    ]
    strike_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance of a strike once it is crossed",
            mechanism="strikes",
            neutral=0.0,
        ),
    ]
    strike_share_below: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance of a strike short of it",
            mechanism="strikes_below_the_line",
            neutral=0.0,
        ),
    ]
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
    leader_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to kill a leader when its embassy is stormed",
            0.0,
            mechanism="leader_killing",
            neutral=0.0,
        ),
    ] = 0.0
    accusation_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to accuse the sponsor after an attack",
            0.0,
            mechanism="blame_of_the_sponsor",
            neutral=0.0,
        ),
    ] = 0.0
    sanction_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance of a sanction after a blow by the sponsor",
            0.0,
            mechanism="sanctions",
            neutral=0.0,
        ),
    ] = 0.0
    mobilisation_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to mobilise when its embassy is stormed",
            0.0,
            mechanism="mobilisation",
            neutral=0.0,
        ),
    ] = 0.0
    direct_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to strike the sponsor back, line crossed",
            0.0,
            mechanism="direct_strikes",
            neutral=0.0,
        ),
    ] = 0.0
    direct_killed: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "mean dead of the sponsor in a direct strike",
            0.0,
            mechanism="direct_strike_harm",
            neutral=0.0,
        ),
    ] = 0.0
    statement_days: Annotated[
        float,
        Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and measures", 0.5),
    ] = 0.5
    support_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "shows of support for the host",
            0.0,
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
            0.0,
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
            0.0,
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
            0.0,
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
            60.0,
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
            0.0,
            mechanism="threats_to_leave",
            neutral=0.0,
        ),
    ] = 0.0


MECHANISMS: Final = (
    Mechanism(
        "strikes",
        "strikes beyond the red line",
        "own deaths in one attack bring a strike on whom it blames",
        acts=(Act.AIR_STRIKE,),
    ),
    Mechanism(
        "strikes_below_the_line",
        "strikes short of the red line",
        "an attack without so many deaths brings a strike now and then",
        acts=(Act.AIR_STRIKE,),
    ),
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
    Mechanism(
        "blame_of_the_sponsor",
        "blame of the sponsor",
        "accuses the sponsor after an attack",
        acts=(Act.ACCUSATION,),
    ),
    Mechanism(
        "sanctions",
        "sanctions",
        "a direct strike on it brings sanctions on the sponsor",
        acts=(Act.SANCTION,),
    ),
    Mechanism(
        "mobilisation",
        "mobilisation",
        "the storming of its embassy brings forces",
        acts=(Act.MOBILISATION,),
    ),
    Mechanism(
        "leader_killing",
        "killing of the commander",
        "the storming of its embassy costs the sponsor a leader",
        acts=(Act.LEADER_KILLING,),
    ),
    Mechanism(
        "direct_strikes",
        "direct strikes",
        "strikes the sponsor back after a direct strike",
        acts=(Act.DIRECT_STRIKE,),
    ),
    Mechanism(
        "direct_strike_harm", "direct strikes do harm", "its direct strike kills"
    ),
    Mechanism("late_news", "late news", "learns of acts after a delay"),
    Mechanism(
        "attribution_error",
        "wrong attribution",
        "does not always know who did a covert act",
    ),
)
