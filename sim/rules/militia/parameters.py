"""What a scenario says about one militia, with units and limits."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Parameter
from sim.units import Dimension as D


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "attacks it starts to prepare when calm",
            mechanism="attacks",
            neutral=0.0,
        ),
    ]
    solidarity: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of a blow that counts when another is hit",
            mechanism="solidarity",
            neutral=0.0,
        ),
    ]
    obedience: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of obeying a full order",
            mechanism="disobedience",
            neutral=1.0,
        ),
    ]
    directive_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            3.0,
            "log change of the rate under an obeyed order",
            mechanism="obeyed_orders",
            neutral=0.0,
        ),
    ]
    preparation_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            90.0,
            "median time to prepare an attack",
            mechanism="attacks",
        ),
    ]
    preparation_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that time",
            mechanism="attacks",
        ),
    ]
    emplacement_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.001,
            10.0,
            "mean time from launch site to launch",
            mechanism="attacks",
        ),
    ]
    max_parallel: Annotated[
        float,
        Parameter(
            D.COUNT,
            0.0,
            100.0,
            "attacks in preparation, 0 no limit",
            mechanism="attacks_at_once",
            neutral=0.0,
        ),
    ]
    salvo_median: Annotated[
        float,
        Parameter(
            D.COUNT,
            1.0,
            100.0,
            "median rounds set up for one attack",
            mechanism="attacks",
        ),
    ]
    salvo_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.5,
            "log standard deviation of the salvo",
            mechanism="attacks",
        ),
    ]
    malfunction_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of attacks whose launcher fails",
            mechanism="misfires",
            neutral=0.0,
        ),
    ]
    accuracy: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of fired rounds in the target area",
            mechanism="attack_harm",
        ),
    ]
    killed_per_hit: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "mean deaths per hit and unit of exposure",
            mechanism="attack_harm",
            neutral=0.0,
        ),
    ]
    wounded_per_hit: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            20.0,
            "mean wounded per hit and unit of exposure",
            mechanism="attack_harm",
            neutral=0.0,
        ),
    ]
    retaliation_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of answering a strike on it",
            mechanism="retaliation",
            neutral=0.0,
        ),
    ]
    retaliation_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            60.0,
            "median delay of that answer",
            mechanism="retaliation",
        ),
    ]
    retaliation_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that delay",
            mechanism="retaliation",
        ),
    ]
    show_of_force_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of a show of force on arrest",
            mechanism="shows_of_force",
            neutral=0.0,
        ),
    ]
    threat_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of a threat after a raid",
            mechanism="threats_after_raids",
            neutral=0.0,
        ),
    ]
    defiance_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of defiance after a release",
            mechanism="defiance",
            neutral=0.0,
        ),
    ]
    claim_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of claiming an own attack",
            mechanism="claims",
            neutral=0.0,
        ),
    ]
    denial_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of denying one that hurt civilians",
            mechanism="denials",
            neutral=0.0,
        ),
    ]
    statement_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 30.0, "mean delay of words and displays")
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
            "how often it knows who did a covert act",
            mechanism="attribution_error",
            neutral=1.0,
        ),
    ]
    launchers: Annotated[
        float,
        Parameter(
            D.COUNT,
            0.0,
            10000.0,
            "launchers at the start",
            mechanism="scarcity",
            neutral=10000.0,
        ),
    ]
    rounds: Annotated[
        float,
        Parameter(
            D.COUNT,
            0.0,
            1000000.0,
            "rounds at the start",
            mechanism="scarcity",
            neutral=1000000.0,
        ),
    ]
    coordination_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of attacks with a second site at the same time",
            mechanism="second_sites",
            neutral=0.0,
        ),
    ] = 0.0
    drift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of the attack rate over the first year",
            mechanism="drift",
            neutral=0.0,
        ),
    ] = 0.0
    convoy_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "convoy bombs it starts to prepare when calm",
            mechanism="convoy_bombs",
            neutral=0.0,
        ),
    ] = 0.0
    convoy_killed: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            20.0,
            "mean dead of the host's people per convoy bomb",
            mechanism="convoy_bombs",
        ),
    ] = 0.0
    convoy_wounded: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            50.0,
            "mean wounded of the host's people per bomb",
            mechanism="convoy_bombs",
        ),
    ] = 0.0
    menace_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "public threats to the foreign power when provoked",
            mechanism="menaces",
            neutral=0.0,
        ),
    ] = 0.0
    ultimatum_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of an ultimatum after a raid",
            mechanism="threats_after_raids",
            neutral=0.0,
        ),
    ] = 0.0
    admission_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "probability of admitting attacks after a raid",
            mechanism="admissions",
            neutral=0.0,
        ),
    ] = 0.0
    harm_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            4.0,
            "log standard deviation of an attack's harm",
            mechanism="harm_tail",
            neutral=0.0,
        ),
    ] = 0.0
    readiness_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            365.0,
            "time in which what moves it fades to 1/e",
        ),
    ] = 30.0
    blow_shift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of the attack rate per blow remembered",
            mechanism="blows",
            neutral=0.0,
        ),
    ] = 0.0
    raid_shift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of that rate per raid remembered",
            mechanism="raids_felt",
            neutral=0.0,
        ),
    ] = 0.0
    talks_shift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of that rate per round of talks",
            mechanism="talks_felt",
            neutral=0.0,
        ),
    ] = 0.0
    handover_shift: Annotated[
        float,
        Parameter(
            D.NUMBER,
            -2.0,
            2.0,
            "log change of that rate per base handed over",
            mechanism="handovers_felt",
            neutral=0.0,
        ),
    ] = 0.0
    defection_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of its rate left in a truce that it does not keep",
            mechanism="truce_in_part",
            neutral=1.0,
        ),
    ] = 1.0
    storming_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "highest chance of a storming, after ever deadlier strikes",
            mechanism="storming",
            neutral=0.0,
        ),
    ] = 0.0
    storming_deaths: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "own deaths in a strike that give half that chance",
            mechanism="storming",
        ),
    ] = 18.0
    storming_guard: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "how far guards lower it for 90 days after one",
            mechanism="guards",
            neutral=0.0,
        ),
    ] = 0.0


MECHANISMS: Final = (
    Mechanism(
        "attacks",
        "attacks of its own accord",
        "begins attacks at its calm rate, unprovoked",
        acts=(Act.ROCKET_ATTACK,),
        stays_in_null=True,
    ),
    Mechanism(
        "attack_harm",
        "attacks do harm",
        "a round in the target area kills and wounds",
        stays_in_null=True,
    ),
    Mechanism(
        "harm_tail",
        "heavy tail of harm",
        "the same salvo meets an empty yard or a full canteen; the mean stays",
        stays_in_null=True,
    ),
    Mechanism(
        "misfires",
        "misfires",
        "a launcher that fails leaves rounds unfired",
        stays_in_null=True,
    ),
    Mechanism(
        "second_sites",
        "attacks on two sites at once",
        "a second team joins a launch in preparation",
        acts=(Act.ROCKET_ATTACK,),
        stays_in_null=True,
    ),
    Mechanism(
        "convoy_bombs",
        "convoy bombs",
        "bombs laid for convoys, at a rate that moves as the attack rate does",
        acts=(Act.CONVOY_BOMB,),
        stays_in_null=True,
    ),
    Mechanism(
        "attacks_at_once",
        "few attacks at once",
        "a limit on how many attacks it prepares at the same time",
        stays_in_null=True,
    ),
    Mechanism(
        "drift",
        "drift of its aims",
        "the attack rate rises or falls over the first year, whatever happens",
        stays_in_null=True,
    ),
    Mechanism(
        "scarcity",
        "arms run short",
        "no attack without a launcher and a round; losses and deliveries count",
        is_feedback=True,
    ),
    Mechanism(
        "solidarity",
        "solidarity",
        "a blow at another militia moves this one too, in a share",
    ),
    Mechanism(
        "disobedience",
        "it obeys in part",
        "it ignores some orders, and keeps a truce in part",
        acts=(Act.COMPLIANCE, Act.DISOBEDIENCE),
    ),
    Mechanism(
        "menaces",
        "public threats to the foreign power",
        "threatens while it holds something against it",
        acts=(Act.THREAT,),
    ),
    Mechanism(
        "threats_after_raids",
        "threats to the government",
        "a raid brings a threat or an ultimatum",
        acts=(Act.THREAT, Act.ULTIMATUM),
    ),
    Mechanism(
        "admissions",
        "admissions",
        "after a raid it admits attacks",
        acts=(Act.ADMISSION,),
    ),
    Mechanism(
        "shows_of_force",
        "shows of force",
        "an arrest brings armed men to the streets",
        acts=(Act.SHOW_OF_FORCE,),
    ),
    Mechanism(
        "defiance",
        "defiance by the released",
        "a release is followed by defiance",
        acts=(Act.DEFIANCE,),
    ),
    Mechanism("claims", "claims", "claims some of its attacks", acts=(Act.CLAIM,)),
    Mechanism(
        "denials", "denials", "denies attacks that hurt civilians", acts=(Act.DENIAL,)
    ),
    Mechanism("late_news", "late news", "learns of acts after a delay"),
    Mechanism(
        "attribution_error",
        "wrong attribution",
        "does not always know who did a covert act",
    ),
    Mechanism(
        "obeyed_orders",
        "orders move the attack rate",
        "an obeyed order of the sponsor raises or lowers the attack rate",
        is_feedback=True,
    ),
    Mechanism(
        "retaliation",
        "rockets after a strike",
        "answers a strike with an attack",
        acts=(Act.ROCKET_ATTACK,),
        is_feedback=True,
    ),
    Mechanism(
        "blows",
        "net effect of blows",
        "a strike that it remembers raises or lowers the attack rate",
        is_feedback=True,
    ),
    Mechanism(
        "raids_felt",
        "net effect of raids",
        "a raid that it remembers raises or lowers the attack rate",
        is_feedback=True,
    ),
    Mechanism(
        "talks_felt",
        "talks move the attack rate",
        "talks on the foreign power's presence raise or lower the attack rate",
        is_feedback=True,
    ),
    Mechanism(
        "handovers_felt",
        "hand-overs move the attack rate",
        "a base handed over raises or lowers the attack rate",
        is_feedback=True,
    ),
    Mechanism(
        "truce_in_part",
        "a truce lowers the rate of who breaks it",
        "attacks less in a truce that it does not keep",
        is_feedback=True,
    ),
    Mechanism(
        "storming",
        "storming of the embassy",
        "a strike that killed its people brings a crowd to the embassy",
        acts=(Act.EMBASSY_STORMING,),
    ),
    Mechanism(
        "guards",
        "guards after a storming",
        "a storming is the less likely for 90 days after one",
    ),
)
