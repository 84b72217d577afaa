"""What a scenario says about one foreign power, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class ForeignPowerParams(NamedTuple):
    """What a scenario says about one foreign power; canonical units."""

    planning_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.05, 3.0)] = 1.2
    """Median time from order to strike."""
    decision_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.02, 2.0)] = 0.5
    """Mean time to decide on a strike."""
    proportionality: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 3.0)] = 1.0
    """Size of a strike; 1 is the record's."""
    strike_killed: Annotated[float, Range(D.NUMBER, 0.0, 200.0, 0.0, 30.0)] = 15.0
    """Mean militia dead at size 1."""
    strike_launchers: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.7)] = 0.2
    """Share of the target's launchers it destroys."""
    demand_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.3)] = 0.1
    """Demands to the host when fully provoked."""
    demand_reciprocity: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 3.0)] = 0.3
    """Readiness to demand per death recalled."""
    provocation_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 7.0, 120.0)] = (
        30.0
    )
    """Time in which an attack fades to 1/e."""
    evidence: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.2, 1.0)] = 0.6
    """How often evidence points to the author."""
    tolerance: Annotated[float, Range(D.NUMBER, 0.001, 1000.0, 0.03, 1.5)] = 0.8
    """Harm at which a strike on one site is even odds."""
    support_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.07)] = 0.0
    """Shows of support for the host."""
    talks_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.02)] = 0.0
    """Rounds of talks with the host."""
    handover_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.1)] = 0.0
    """Bases handed over to the host."""
    leave_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.0
    """Log rise of that, and of what it bears, per demand to leave."""
    leave_memory: Annotated[float, Range(D.DURATION, 0.5, 3650.0, 14.0, 720.0)] = 60.0
    """Time in which a demand to leave fades to 1/e."""
    evacuation_threat_rate: Annotated[float, Range(D.RATE, 0.0, 1.0, 0.0, 0.015)] = 0.0
    """Threats to leave when fully provoked."""
    ladder_ratio: Annotated[float, Range(D.NUMBER, 1.01, 20.0, 2.0, 20.0)] = 2.5
    """Harm of one rung, in that of the one below."""
    wounded_weight: Annotated[float, Range(D.NUMBER, 0.0, 1.0, 0.05, 0.3)] = 0.15
    """Harm of one wounded, in deaths."""
    sponsor_belief: Share = 0.0
    """How far it holds the sponsor to be behind attacks."""
    storming_weight: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 0.0, 12.0)] = 0.0
    """Harm of a storming, in deaths laid to the sponsor."""
    direct_weight: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 0.0, 50.0)] = 0.0
    """Harm of a direct strike beside its dead and wounded."""
    claim_weight: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 2.0)] = 0.0
    """Log odds of who did it by a claim, a denial or a find."""
    hand_shift: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.0
    """Log odds of the sponsor's hand by a find."""
    menace_weight: Annotated[float, Range(D.NUMBER, 0.0, 100.0, 0.0, 1.0)] = 0.0
    """Provocation by a campaign announced or a threat, in deaths."""


MECHANISMS: Final = (
    Mechanism("strike_harm", "strikes do harm", "a strike kills and wounds",
        off={"strike_killed": 0.0},
        shaped_by=("proportionality",)),
    Mechanism("launchers_destroyed", "strikes destroy launchers",
        "a strike destroys launchers of its target", off={"strike_launchers": 0.0}),
    Mechanism("demands", "demands to the government",
        "attacks that it remembers bring demands to act", off={"demand_rate": 0.0},
        shaped_by=("demand_reciprocity", "provocation_memory"),
        acts=(Act.DEMAND,)),
    Mechanism("support", "shows of support",
        "shows support for the government of its own accord", off={"support_rate": 0.0},
        acts=(Act.SUPPORT,)),
    Mechanism("talks", "talks", "holds talks on its presence of its own accord",
        off={"talks_rate": 0.0}, acts=(Act.TALKS,)),
    Mechanism("handovers", "bases handed over",
        "hands bases over to the government, and leaves them",
        off={"handover_rate": 0.0}, acts=(Act.BASE_HANDOVER,)),
    Mechanism("demands_to_leave_heeded", "demands to leave are heeded",
        "a protest makes it bear more, talk sooner and leave sooner",
        off={"leave_effect": 0.0},
        shaped_by=("leave_memory",), is_feedback=True),
    Mechanism("threats_to_leave", "threats to leave",
        "attacks that it remembers bring threats to leave",
        off={"evacuation_threat_rate": 0.0}, acts=(Act.EVACUATION_THREAT,)),
    Mechanism("attribution_error", "wrong attribution",
        "does not always know who did a covert act", off={"evidence": 1.0}),
    Mechanism("strikes", "strikes by tolerance",
        "harm laid to a militia, once it is more than tolerated, brings a strike on it",
        off={"tolerance": 1000.0},
        shaped_by=("ladder_ratio", "decision_days", "planning_days"),
        acts=(Act.AIR_STRIKE, Act.MILITIA_LEADER_KILLING)),
    Mechanism("wounded_count", "wounded count",
        "its wounded count as harm, not only its dead", off={"wounded_weight": 0.0}),
    Mechanism("blame_of_the_sponsor", "blame of the sponsor",
        "lays the harm of attacks to the sponsor too, and answers it by the ladder",
        off={"sponsor_belief": 0.0},
        acts=(Act.ACCUSATION, Act.SANCTION, Act.MOBILISATION)),
    Mechanism("stormings_count", "a storming counts against the sponsor",
        "lays a storming of its embassy to the sponsor, and answers it by the ladder",
        off={"storming_weight": 0.0}, acts=(Act.MOBILISATION, Act.LEADER_KILLING)),
    Mechanism("direct_strikes_count", "a direct strike is harm",
        "holds a direct strike for harm beside its dead, and answers it by the ladder",
        off={"direct_weight": 0.0}, acts=(Act.DIRECT_STRIKE,)),
    Mechanism("words_believed", "words and finds move blame",
        "blames an attack on who claims it, and less on who denies it",
        off={"claim_weight": 0.0}),
    Mechanism("finds_believed", "finds show the sponsor's hand",
        "a find leads it to lay more of the harm to the sponsor",
        off={"hand_shift": 0.0}),
    Mechanism("menaces_heard", "menaces provoke",
        "an announced campaign or a threat provokes it, a suspension appeases it",
        off={"menace_weight": 0.0}),
)  # fmt: skip
