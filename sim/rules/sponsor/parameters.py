"""What a scenario says about one sponsor, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class SponsorParams(NamedTuple):
    """What a scenario says about one sponsor; canonical units."""

    directive_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.15)] = 0.07
    """Orders to each client."""
    press_bias: Annotated[float, Range(D.NUMBER, -10.0, 10.0, -3.0, 3.0)] = 0.0
    """Log odds of pressing when calm."""
    press_reciprocity: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 4.0)] = 1.0
    """Log odds of pressing per log(1 + loss)."""
    caution: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 3.0)] = 0.5
    """Log odds of holding per foreign death known."""
    loss_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 7.0, 180.0)] = 30.0
    """Time in which losses, and foreign deaths, fade to 1/e."""
    authority: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 0.9
    """Authority of its commander over clients."""
    decision_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.2, 20.0)] = 2.0
    """Mean time to decide and send word."""
    commander_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.0
    """Share of its authority that rests on one man."""
    sanction_loss: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 2.0)] = 0.0
    """Loss from one sanction."""
    restriction_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.5)] = 0.0
    """Log fall of its reach and authority per curb that stands."""
    visit_rate: Annotated[float, Range(D.RATE, 0.0, 1.0, 0.0, 0.03)] = 0.0
    """Visits of its commander to a host."""
    pushback_days: Annotated[float, Range(D.DURATION, 0.01, 365.0, 2.0, 90.0)] = 10.0
    """Median delay of that answer."""
    direct_days: Annotated[float, Range(D.DURATION, 0.01, 365.0, 0.5, 14.0)] = 5.0
    """Median time to prepare a direct strike."""
    direct_killed: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 0.0, 3.0)] = 0.0
    """Mean foreign dead in a direct strike."""
    direct_wounded: Annotated[float, Range(D.NUMBER, 0.0, 5000.0, 0.0, 300.0)] = 0.0
    """Mean foreign wounded in a direct strike."""
    truce_share: Share = 0.0
    """Chance to call a truce at a threat to leave."""
    loss_tolerance: Annotated[float, Range(D.NUMBER, 0.001, 10000.0, 0.3, 10000.0)] = (
        10000.0
    )
    """Loss at which words are even odds."""
    death_loss: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.01, 0.2)] = 0.1
    """Loss from one death among militias' people."""
    commander_loss: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 10.0, 40.0)] = 20.0
    """Loss from its commander's death, or a direct strike."""
    curb_loss: Annotated[float, Range(D.NUMBER, 0.0, 100.0, 0.0, 3.0)] = 0.0
    """Loss from a curb, or from a raid on a militia."""
    replacement_days: Annotated[float, Range(D.DURATION, 0.01, 3650.0, 14.0, 180.0)] = (
        45.0
    )
    """Days until its commander's post is filled again."""
    truce_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.005)] = 0.0
    """Truces that it calls with each client when it leans to hold."""
    truce_days: Annotated[float, Range(D.DURATION, 30.0, 3650.0, 50.0, 480.0)] = 150.0
    """Median term of a truce, of 30 days at least."""
    truce_deaths: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 1.0, 20.0)] = 5.0
    """Deaths in a strike that end a truce with even odds."""


MECHANISMS: Final = (
    Mechanism("orders", "orders of its own accord",
        "orders its clients, now and then, to attack or to hold fire",
        off={"directive_rate": 0.0},
        shaped_by=("press_bias",), acts=(Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD)),
    Mechanism("orders_by_loss", "losses make it press",
        "blows against it and militias lean its orders to attack",
        off={"press_reciprocity": 0.0},
        shaped_by=("loss_memory",)),
    Mechanism("caution", "foreign deaths make it cautious",
        "foreign deaths lean its orders to hold fire", off={"caution": 0.0}),
    Mechanism("visits", "visits of the commander",
        "its commander visits a host and instructs the clients",
        off={"visit_rate": 0.0},
        acts=(Act.VISIT, Act.DIRECTIVE_PRESS, Act.DIRECTIVE_HOLD)),
    Mechanism("limited_authority", "its authority is limited",
        "its clients obey less than they would", off={"authority": 1.0}),
    Mechanism("one_mans_authority", "authority rests on one man",
        "the loss of its commander lowers its authority", off={"commander_share": 0.0},
        shaped_by=("replacement_days",),
        acts=(Act.APPOINTMENT,)),
    Mechanism("pain_of_sanctions", "sanctions hurt",
        "a sanction counts as a loss, and leans its orders to attack",
        off={"sanction_loss": 0.0}),
    Mechanism("curbs_felt", "curbs are felt",
        "a host's curb makes visits rarer and orders weaker",
        off={"restriction_effect": 0.0}),
    Mechanism("truces", "truces",
        "calls a truce when the foreign power threatens to leave",
        off={"truce_share": 0.0}, acts=(Act.TRUCE,), is_feedback=True),
    Mechanism("direct_strike_harm", "direct strikes do harm",
        "its direct strike kills and wounds",
        off={"direct_killed": 0.0, "direct_wounded": 0.0}),
    Mechanism("answers_to_loss", "losses are answered",
        "answers losses by words, orders to attack and, in the end, a direct strike",
        off={"loss_tolerance": 10000.0},
        shaped_by=("decision_days", "pushback_days", "direct_days"),
        acts=(Act.THREAT, Act.DIRECTIVE_PRESS, Act.DIRECT_STRIKE), is_feedback=True),
    Mechanism("deaths_felt", "militias' dead count",
        "deaths in a strike count as loss", off={"death_loss": 0.0}),
    Mechanism("blows_felt", "blows against itself count",
        "the killing of its commander and a direct strike count as loss",
        off={"commander_loss": 0.0}),
    Mechanism("curbs_lost", "curbs and raids count", "a curb or a raid counts as loss",
        off={"curb_loss": 0.0}),
    Mechanism("truces_of_its_own", "truces of its own accord",
        "calls truces with its clients while it leans to hold", off={"truce_rate": 0.0},
        shaped_by=("truce_days", "truce_deaths"),
        acts=(Act.TRUCE, Act.TRUCE_END), is_feedback=True),
)  # fmt: skip
