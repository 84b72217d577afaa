"""What a scenario says about one militia, with units and limits."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.rules.behaviour import Parameter
from sim.units import Dimension as D


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "attacks it starts to prepare when calm")
    ]
    reciprocity: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 2.0, "log rise of that rate per unit of tension"),
    ]
    tension_cap: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension above which nothing is added")
    ]
    tension_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which tension falls to 1/e")
    ]
    strike_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by a strike on it")
    ]
    arrest_tension: Annotated[
        float, Parameter(D.NUMBER, 0.0, 5.0, "tension added by an arrest of its people")
    ]
    solidarity: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "share of that tension when another is hit"),
    ]
    obedience: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of obeying a full order")
    ]
    directive_effect: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 3.0, "log change of the rate under an obeyed order"),
    ]
    directive_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 365.0, "time in which an order wears off")
    ]
    preparation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "median time to prepare an attack")
    ]
    preparation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time")
    ]
    emplacement_days: Annotated[
        float,
        Parameter(D.DURATION, 0.001, 10.0, "mean time from launch site to launch"),
    ]
    max_parallel: Annotated[
        float, Parameter(D.COUNT, 0.0, 100.0, "attacks in preparation, 0 no limit")
    ]
    salvo_median: Annotated[
        float, Parameter(D.COUNT, 1.0, 100.0, "median rounds set up for one attack")
    ]
    salvo_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.5, "log standard deviation of the salvo")
    ]
    malfunction_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of attacks whose launcher fails")
    ]
    accuracy: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "share of fired rounds in the target area")
    ]
    killed_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "mean deaths per hit and unit of exposure"),
    ]
    wounded_per_hit: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 20.0, "mean wounded per hit and unit of exposure"),
    ]
    retaliation_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of answering a strike on it")
    ]
    retaliation_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 60.0, "median delay of that answer")
    ]
    retaliation_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that delay")
    ]
    show_of_force_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a show of force on arrest")
    ]
    threat_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of a threat after a raid")
    ]
    defiance_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of defiance after a release")
    ]
    claim_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "probability of claiming an own attack")
    ]
    denial_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "probability of denying one that hurt civilians"),
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and displays")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often it knows who did a covert act")
    ]
    launchers: Annotated[
        float, Parameter(D.COUNT, 0.0, 10000.0, "launchers at the start")
    ]
    rounds: Annotated[float, Parameter(D.COUNT, 0.0, 1000000.0, "rounds at the start")]
    coordination_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of attacks with a second site at the same time",
            0.0,
        ),
    ] = 0.0
    drift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of the attack rate over the first year",
            0.0,
        ),
    ] = 0.0
    deterrence: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 5.0, "log fall of the rate per blow still feared", 0.0
        ),
    ] = 0.0
    raid_deterrence: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "fear of a raid, in blows (its own state's authority)",
            0.0,
        ),
    ] = 0.0
    fear_memory: Annotated[
        float,
        Parameter(D.DURATION, 0.5, 730.0, "time in which that fear fades to 1/e", 14.0),
    ] = 14.0
    talks_tension: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "tension added by talks on the foreign power's presence",
            0.0,
        ),
    ] = 0.0
    handover_relief: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "log fall of tension per base handed over", 0.0),
    ] = 0.0
    truce_effect: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 10.0, "log fall of the rate at the start of a truce", 0.0
        ),
    ] = 0.0
    truce_memory: Annotated[
        float,
        Parameter(D.DURATION, 0.5, 730.0, "time in which a truce wears off", 30.0),
    ] = 30.0
    convoy_rate: Annotated[
        float,
        Parameter(D.RATE, 0.0, 2.0, "convoy bombs it starts to prepare when calm", 0.0),
    ] = 0.0
    convoy_killed: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 20.0, "mean dead of the host's people per convoy bomb", 0.0
        ),
    ] = 0.0
    convoy_wounded: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 50.0, "mean wounded of the host's people per bomb", 0.0
        ),
    ] = 0.0
    menace_rate: Annotated[
        float,
        Parameter(
            D.RATE, 0.0, 2.0, "public threats to the foreign power when provoked", 0.0
        ),
    ] = 0.0
    ultimatum_share: Annotated[
        float,
        Parameter(D.SHARE, 0.0, 1.0, "probability of an ultimatum after a raid", 0.0),
    ] = 0.0
    admission_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "probability of admitting attacks after a raid", 0.0
        ),
    ] = 0.0
    storming_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "probability of storming after a deadly strike", 0.0
        ),
    ] = 0.0
    storming_deaths: Annotated[
        float,
        Parameter(
            D.COUNT, 0.0, 1000.0, "own deaths in a strike that make it deadly", 10.0
        ),
    ] = 10.0
    harm_spread: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 4.0, "log standard deviation of an attack's harm", 0.0
        ),
    ] = 0.0
