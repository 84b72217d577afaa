"""What a scenario says about one sponsor, with units and limits."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim.rules.behaviour import Parameter
from sim.units import Dimension as D


class SponsorParams(NamedTuple):
    """What a scenario says about one sponsor; canonical units."""

    directive_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "orders to each client")
    ]
    press_bias: Annotated[
        float, Parameter(D.NUMBER, -10.0, 10.0, "log odds of pressing when calm")
    ]
    press_reciprocity: Annotated[
        float, Parameter(D.NUMBER, 0.0, 10.0, "log odds of pressing per own loss")
    ]
    caution: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 10.0, "log odds of holding per foreign death known"),
    ]
    loss_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which a loss fades to 1/e")
    ]
    alarm_memory: Annotated[
        float, Parameter(D.DURATION, 0.5, 730.0, "time in which alarm fades to 1/e")
    ]
    authority: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "authority of its commander over clients")
    ]
    answer_share: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "chance that a strike brings an order")
    ]
    resupply_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 2.0, "deliveries to each client")
    ]
    resupply_launchers: Annotated[
        float, Parameter(D.COUNT, 0.0, 1000.0, "launchers in one delivery")
    ]
    resupply_rounds: Annotated[
        float, Parameter(D.COUNT, 0.0, 10000.0, "rounds in one delivery")
    ]
    decision_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 90.0, "mean time to decide and send word")
    ]
    news_days: Annotated[
        float, Parameter(D.DURATION, 0.001, 30.0, "mean delay until it learns of acts")
    ]
    evidence: Annotated[
        float, Parameter(D.SHARE, 0.0, 1.0, "how often it knows who did a covert act")
    ]
    commander_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "share of its authority that rests on one man", 0.0
        ),
    ] = 0.0
    recovery_memory: Annotated[
        float,
        Parameter(
            D.DURATION,
            0.5,
            3650.0,
            "time to rebuild it, to 1/e, once he is lost",
            180.0,
        ),
    ] = 180.0
    sanction_loss: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 10.0, "loss felt from one sanction, in blows", 0.0),
    ] = 0.0
    restriction_effect: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 5.0, "log fall of its reach per curb remembered", 0.0),
    ] = 0.0
    restriction_memory: Annotated[
        float,
        Parameter(D.DURATION, 0.5, 3650.0, "time in which a curb fades to 1/e", 90.0),
    ] = 90.0
    visit_rate: Annotated[
        float, Parameter(D.RATE, 0.0, 1.0, "visits of its commander to a host", 0.0)
    ] = 0.0
    pushback_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to answer a curb or a raid on a client", 0.0
        ),
    ] = 0.0
    pushback_days: Annotated[
        float, Parameter(D.DURATION, 0.01, 365.0, "median delay of that answer", 10.0)
    ] = 10.0
    pushback_spread: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that delay", 0.5),
    ] = 0.5
    direct_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to strike back directly when hit itself", 0.0
        ),
    ] = 0.0
    direct_days: Annotated[
        float,
        Parameter(
            D.DURATION, 0.01, 365.0, "median time to prepare a direct strike", 5.0
        ),
    ] = 5.0
    direct_spread: Annotated[
        float, Parameter(D.NUMBER, 0.0, 2.0, "log standard deviation of that time", 0.5)
    ] = 0.5
    direct_killed: Annotated[
        float,
        Parameter(D.NUMBER, 0.0, 1000.0, "mean foreign dead in a direct strike", 0.0),
    ] = 0.0
    direct_wounded: Annotated[
        float,
        Parameter(
            D.NUMBER, 0.0, 5000.0, "mean foreign wounded in a direct strike", 0.0
        ),
    ] = 0.0
    truce_share: Annotated[
        float,
        Parameter(
            D.SHARE, 0.0, 1.0, "chance to call a truce at a threat to leave", 0.0
        ),
    ] = 0.0
