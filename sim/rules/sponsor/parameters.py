"""What a scenario says about one sponsor, with units and limits."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Parameter
from sim.units import Dimension as D


class SponsorParams(NamedTuple):
    """What a scenario says about one sponsor; canonical units."""

    directive_rate: Annotated[
        float,
        Parameter(
            D.RATE, 0.0, 2.0, "orders to each client", mechanism="orders", neutral=0.0
        ),
    ]
    press_bias: Annotated[
        float,
        Parameter(
            D.NUMBER, -10.0, 10.0, "log odds of pressing when calm", mechanism="orders"
        ),
    ]
    press_reciprocity: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "log odds of pressing per own loss",
            mechanism="orders_by_loss",
            neutral=0.0,
        ),
    ]
    caution: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "log odds of holding per foreign death known",
            mechanism="caution",
            neutral=0.0,
        ),
    ]
    loss_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            730.0,
            "time in which a loss fades to 1/e",
            mechanism="orders_by_loss",
        ),
    ]
    alarm_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            730.0,
            "time in which alarm fades to 1/e",
            mechanism="caution",
        ),
    ]
    authority: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "authority of its commander over clients",
            mechanism="limited_authority",
            neutral=1.0,
        ),
    ]
    resupply_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "deliveries to each client",
            mechanism="resupply",
            neutral=0.0,
        ),
    ]
    resupply_launchers: Annotated[
        float,
        Parameter(
            D.COUNT, 0.0, 1000.0, "launchers in one delivery", mechanism="resupply"
        ),
    ]
    resupply_rounds: Annotated[
        float,
        Parameter(
            D.COUNT, 0.0, 10000.0, "rounds in one delivery", mechanism="resupply"
        ),
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide and send word")
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
    commander_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "share of its authority that rests on one man",
            mechanism="one_mans_authority",
            neutral=0.0,
        ),
    ] = 0.0
    sanction_loss: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "loss felt from one sanction, in blows",
            mechanism="pain_of_sanctions",
            neutral=0.0,
        ),
    ] = 0.0
    restriction_effect: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5.0,
            "log fall of its reach per curb remembered",
            mechanism="curbs_felt",
            neutral=0.0,
        ),
    ] = 0.0
    visit_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            1.0,
            "visits of its commander to a host",
            mechanism="visits",
            neutral=0.0,
        ),
    ] = 0.0
    pushback_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            365.0,
            "median delay of that answer",
            mechanism="answers_to_loss",
        ),
    ] = 10.0
    pushback_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that delay",
            mechanism="answers_to_loss",
        ),
    ] = 0.5
    direct_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            365.0,
            "median time to prepare a direct strike",
            mechanism="answers_to_loss",
        ),
    ] = 5.0
    direct_spread: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            2.0,
            "log standard deviation of that time",
            mechanism="answers_to_loss",
        ),
    ] = 0.5
    direct_killed: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "mean foreign dead in a direct strike",
            mechanism="direct_strike_harm",
            neutral=0.0,
        ),
    ] = 0.0
    direct_wounded: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            5000.0,
            "mean foreign wounded in a direct strike",
            mechanism="direct_strike_harm",
            neutral=0.0,
        ),
    ] = 0.0
    truce_share: Annotated[
        float,
        Parameter(
            D.SHARE,
            0.0,
            1.0,
            "chance to call a truce at a threat to leave",
            mechanism="truces",
            neutral=0.0,
        ),
    ] = 0.0
    loss_tolerance: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.001,
            10000.0,
            "loss at which words are even odds",
            mechanism="answers_to_loss",
            neutral=10000.0,
        ),
    ] = 10000.0
    death_loss: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            10.0,
            "loss from one death among its clients' people",
            mechanism="deaths_felt",
            neutral=0.0,
        ),
    ] = 0.1
    commander_loss: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "loss from its commander's death, or a direct strike",
            mechanism="blows_felt",
            neutral=0.0,
        ),
    ] = 20.0
    curb_loss: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            100.0,
            "loss from a curb, or from a raid on a client",
            mechanism="curbs_lost",
            neutral=0.0,
        ),
    ] = 0.0
    ladder_ratio: Annotated[
        float,
        Parameter(
            D.NUMBER,
            1.01,
            20.0,
            "loss of one rung, in that of the one below",
        ),
    ] = 2.5
    ladder_slope: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.2,
            8.0,
            "slope of the log odds of an answer in the log of loss",
        ),
    ] = 2.0
    replacement_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.01,
            3650.0,
            "days until its commander's post is filled again",
            mechanism="one_mans_authority",
        ),
    ] = 45.0
    truce_rate: Annotated[
        float,
        Parameter(
            D.RATE,
            0.0,
            2.0,
            "truces that it calls with each client when it leans to hold",
            mechanism="truces_of_its_own",
            neutral=0.0,
        ),
    ] = 0.0
    truce_days: Annotated[
        float,
        Parameter(
            D.DURATION,
            30.0,
            3650.0,
            "median term of a truce, of 30 days at least",
        ),
    ] = 150.0
    truce_deaths: Annotated[
        float,
        Parameter(
            D.NUMBER,
            0.0,
            1000.0,
            "deaths in a strike that end a truce with even odds",
        ),
    ] = 5.0


MECHANISMS: Final = (
    Mechanism(
        "orders",
        "orders of its own accord",
        "orders its clients, now and then, to attack or to hold fire",
        acts=(Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD),
    ),
    Mechanism(
        "orders_by_loss",
        "losses make it press",
        "blows against it and its clients lean its orders to attack",
    ),
    Mechanism(
        "caution",
        "foreign deaths make it cautious",
        "foreign deaths lean its orders to hold fire",
    ),
    Mechanism(
        "visits",
        "visits of the commander",
        "its commander visits a host and instructs the clients",
        acts=(Act.VISIT, Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD),
    ),
    Mechanism(
        "limited_authority",
        "its authority is limited",
        "its clients obey less than they would",
    ),
    Mechanism(
        "one_mans_authority",
        "authority rests on one man",
        "the loss of its commander lowers its authority",
        acts=(Act.APPOINTMENT,),
    ),
    Mechanism(
        "resupply",
        "resupply",
        "delivers launchers and rounds to its clients",
        acts=(Act.RESUPPLY,),
    ),
    Mechanism(
        "pain_of_sanctions",
        "sanctions hurt",
        "a sanction counts as a loss, and leans its orders to attack",
    ),
    Mechanism(
        "curbs_felt", "curbs are felt", "a host's curb slows its deliveries and visits"
    ),
    Mechanism(
        "truces",
        "truces",
        "calls a truce when the foreign power threatens to leave",
        acts=(Act.TRUCE,),
        is_feedback=True,
    ),
    Mechanism(
        "direct_strike_harm",
        "direct strikes do harm",
        "its direct strike kills and wounds",
    ),
    Mechanism("late_news", "late news", "learns of acts after a delay"),
    Mechanism(
        "attribution_error",
        "wrong attribution",
        "does not always know who did a covert act",
    ),
    Mechanism(
        "answers_to_loss",
        "losses are answered",
        "answers losses by words, orders to attack and, in the end, a direct strike",
        acts=(Act.THREAT, Act.DIRECTIVE_PRESS, Act.DIRECT_STRIKE),
    ),
    Mechanism(
        "deaths_felt", "its clients' dead count", "deaths in a strike count as loss"
    ),
    Mechanism(
        "blows_felt",
        "blows against itself count",
        "the killing of its commander and a direct strike count as loss",
    ),
    Mechanism("curbs_lost", "curbs and raids count", "a curb or a raid counts as loss"),
    Mechanism(
        "truces_of_its_own",
        "truces of its own accord",
        "calls truces with its clients while it leans to hold",
        acts=(Act.TRUCE, Act.TRUCE_END),
        is_feedback=True,
    ),
)
