"""What a scenario says about one host government, with units and limits."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Parameter
from sim.units import Dimension as D


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    tolerance: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "how far it looks away; 1 never acts",
            mechanism="blind_eye",
            neutral=0.0,
        ),
    ]
    resolve: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "will to act where it does not look away",
            mechanism="limited_will",
            neutral=1.0,
        ),
    ]
    ability: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "reach of its forces against a militia",
            mechanism="limited_ability",
            neutral=1.0,
        ),
    ]
    investigation_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "inquiries per militia at full effort",
            mechanism="inquiries",
            neutral=0.0,
        ),
    ]
    intelligence_gain: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 10.0, "intelligence from one inquiry", mechanism="inquiries"
        ),
    ]
    trace_gain: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "intelligence from one attack's traces",
            mechanism="traces",
            neutral=0.0,
        ),
    ]
    intelligence_memory: Annotated[
        float,
        Parameter(
            D.DURATION, 0.5, 730.0, "time in which it ages to 1/e", mechanism="raids"
        ),
    ]
    intelligence_needed: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.01,
            100.0,
            "intelligence that gives half effect",
            mechanism="raids",
        ),
    ]
    raid_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "raids on a militia when all speaks for it",
            mechanism="raids",
            neutral=0.0,
        ),
    ]
    impatience_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "drive to act per remembered attack",
            mechanism="impatience",
            neutral=0.0,
        ),
    ]
    pressure_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "drive to act per remembered demand",
            mechanism="pressure",
            neutral=0.0,
        ),
    ]
    fear_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "log fall of the drive per menace",
            mechanism="fear",
            neutral=0.0,
        ),
    ]
    planning_days: Annotated[
        float,
        Parameter(
            D.DURATION, 0.01, 90.0, "median time to plan a raid", mechanism="raids"
        ),
    ]
    planning_spread: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 2.0, "log standard deviation of that time", mechanism="raids"
        ),
    ]
    arrests_mean: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            200.0,
            "mean persons arrested in a raid",
            mechanism="arrests",
            neutral=0.0,
        ),
    ]
    seizure_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of the launchers a raid seizes",
            mechanism="seizures",
            neutral=0.0,
        ),
    ]
    interdiction_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance that a raid breaks an attack, all known",
            mechanism="interdiction_by_raids",
            neutral=0.0,
        ),
    ]
    detection_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to notice a launch team in place",
            mechanism="patrols",
            neutral=0.0,
        ),
    ]
    reaction_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.001,
            10.0,
            "mean time from notice to arrival",
            mechanism="patrols",
        ),
    ]
    custody_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            3650.0,
            "median time until courts decide",
            mechanism="releases",
        ),
    ]
    custody_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that time",
            mechanism="releases",
        ),
    ]
    release_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of the arrested that it lets go",
            mechanism="releases",
            neutral=0.0,
        ),
    ]
    yield_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to give way to a show of force",
            mechanism="giving_way",
            neutral=0.0,
        ),
    ]
    yield_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            90.0,
            "mean time until it gives way",
            mechanism="giving_way",
        ),
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of its statements")
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
    authority_start: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "its authority at the start",
            mechanism="weak_authority",
            neutral=1.0,
        ),
    ] = 1.0
    authority_rest: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority that it drifts to",
            mechanism="weak_authority",
            neutral=1.0,
        ),
    ] = 1.0
    authority_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            3650.0,
            "time of that drift, to 1/e",
            mechanism="weak_authority",
        ),
    ] = 90.0
    attack_loss: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority lost by an attack on its soil",
            mechanism="authority_lost_to_attacks",
            neutral=0.0,
        ),
    ] = 0.0
    defiance_loss: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority lost by menace or defiance",
            mechanism="authority_lost_to_defiance",
            neutral=0.0,
        ),
    ] = 0.0
    breach_loss: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority lost by a foreign strike",
            mechanism="authority_lost_to_strikes",
            neutral=0.0,
        ),
    ] = 0.0
    enforcement_gain: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority won by a raid or a curb",
            mechanism="authority_won",
            neutral=0.0,
        ),
    ] = 0.0
    find_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to find a launcher after an attack",
            mechanism="finds",
            neutral=0.0,
        ),
    ] = 0.0
    support_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "drive to act per show of support",
            mechanism="support",
            neutral=0.0,
        ),
    ] = 0.0
    restriction_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "curbs on the sponsor when all speaks for it",
            mechanism="curbs",
            neutral=0.0,
        ),
    ] = 0.0
    commander_awe: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "how far the sponsor's commander deters curbs",
            mechanism="commander_awe",
            neutral=0.0,
        ),
    ] = 0.0
    will_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            730.0,
            "time in which what moves its will fades to 1/e",
        ),
    ] = 45.0
    wounded_weight: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1.0,
            "harm of one wounded, in deaths",
        ),
    ] = 0.15
    breach_tolerance: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.001,
            1000.0,
            "breaches at which a protest is even odds",
            mechanism="protests",
            neutral=1000.0,
        ),
    ] = 1000.0
    killing_weight: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            100.0,
            "breach of a killing, in strikes",
            mechanism="protests",
        ),
    ] = 1.0
    ladder_ratio: Annotated[
        float,
        Parameter(
            D.NUMBER,
            1.01,
            20.0,
            "breaches of one rung, in those of the one below",
        ),
    ] = 2.5
    ladder_slope: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.2,
            8.0,
            "slope of the log odds of an answer in the log of breaches",
        ),
    ] = 2.0


MECHANISMS: Final = (
    Mechanism(
        "blind_eye",
        "it looks away",
        "inquires, raids and curbs less, and stops fewer launches, than it could",
        stays_in_null=True,
    ),
    Mechanism(
        "limited_will",
        "its will is limited",
        "raids and curbs less than it could",
        stays_in_null=True,
    ),
    Mechanism(
        "limited_ability",
        "its reach is limited",
        "inquires, raids, notices and finds less than it would",
        stays_in_null=True,
    ),
    Mechanism(
        "inquiries",
        "inquiries",
        "inquiries on militias let it know more, which a raid needs",
        acts=(Act.INVESTIGATION,),
    ),
    Mechanism(
        "traces",
        "traces of attacks",
        "an attack or a thwarted one lets it know more of who did it",
    ),
    Mechanism(
        "raids",
        "raids",
        "knowledge, will and urgency bring raids on militias",
        acts=(Act.RAID,),
    ),
    Mechanism("impatience", "impatience", "attacks that it remembers urge it to act"),
    Mechanism(
        "pressure", "pressure from abroad", "the foreign power's demands urge it to act"
    ),
    Mechanism(
        "support",
        "support from abroad",
        "the foreign power's shows of support urge it to act",
    ),
    Mechanism(
        "fear", "fear of militias", "threats, shows of force and defiance hold it back"
    ),
    Mechanism(
        "arrests", "arrests", "a raid arrests people of the militia", acts=(Act.ARREST,)
    ),
    Mechanism(
        "seizures", "seizures in raids", "a raid takes launchers", acts=(Act.SEIZURE,)
    ),
    Mechanism(
        "interdiction_by_raids",
        "raids stop attacks",
        "a raid breaks off attacks in preparation",
        acts=(Act.THWARTED_ATTACK,),
        is_feedback=True,
    ),
    Mechanism(
        "patrols",
        "patrols",
        "a launch team that is noticed is stopped before it fires",
        acts=(Act.THWARTED_ATTACK,),
    ),
    Mechanism(
        "finds",
        "finds after attacks",
        "a launcher is found where an attack came from",
        acts=(Act.SEIZURE,),
    ),
    Mechanism(
        "releases",
        "releases by courts",
        "courts let most of the arrested go",
        acts=(Act.RELEASE,),
    ),
    Mechanism(
        "giving_way",
        "giving way",
        "a show of force opens the doors",
        acts=(Act.RELEASE,),
    ),
    Mechanism(
        "curbs",
        "curbs on the sponsor",
        "will and urgency bring rules against the sponsor's access",
        acts=(Act.PERMIT_RULE,),
    ),
    Mechanism(
        "commander_awe",
        "awe of the commander",
        "the sponsor's commander, while he lives, deters curbs",
    ),
    Mechanism(
        "weak_authority",
        "its authority is weak",
        "starts, or comes to rest, at less than full authority, and raids less",
        stays_in_null=True,
    ),
    Mechanism(
        "authority_lost_to_attacks",
        "authority lost to attacks",
        "an attack on its soil lowers its authority, and so its raids",
    ),
    Mechanism(
        "authority_lost_to_defiance",
        "authority lost to defiance",
        "threats and defiance lower its authority, and so its raids",
    ),
    Mechanism(
        "authority_lost_to_strikes",
        "authority lost to strikes",
        "a foreign strike lowers its authority, and so its raids",
    ),
    Mechanism(
        "authority_won",
        "authority won",
        "a raid or a curb raises its authority, and so its raids",
    ),
    Mechanism("late_news", "late news", "learns of acts after a delay"),
    Mechanism(
        "attribution_error",
        "wrong attribution",
        "does not always know who did a covert act",
    ),
    Mechanism(
        "protests",
        "breaches are answered",
        "strikes on its soil bring protests, demands to leave and votes to expel",
        acts=(Act.ACCUSATION, Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE),
    ),
)
