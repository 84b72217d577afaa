"""What a scenario says about one host government, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    tolerance: Share = 0.1
    """How far it looks away; 1 never acts."""
    resolve: Share = 0.8
    """Will to act where it does not look away."""
    ability: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.05, 1.0)] = 0.7
    """Reach of its forces against a militia."""
    investigation_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.5)] = 0.05
    """Inquiries per militia at full effort."""
    intelligence_gain: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.3, 3.0)] = 1.0
    """Intelligence from one inquiry."""
    trace_gain: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 3.0)] = 0.3
    """Intelligence from one attack's traces."""
    intelligence_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 7.0, 180.0)] = (
        60.0
    )
    """Time in which it ages to 1/e."""
    intelligence_needed: Annotated[float, Range(D.NUMBER, 0.01, 100.0, 0.5, 10.0)] = 2.0
    """Intelligence that gives half effect."""
    raid_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.5)] = 0.1
    """Raids on a militia when all speaks for it."""
    impatience_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 2.0)] = 0.1
    """Drive to act per remembered attack."""
    pressure_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.2
    """Drive to act per remembered demand."""
    fear_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.5)] = 0.2
    """Log fall of the drive per menace."""
    planning_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.5, 30.0)] = 5.0
    """Median time to plan a raid."""
    planning_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.0, 0.1, 1.2)] = 0.5
    """Log standard deviation of that time."""
    arrests_mean: Annotated[float, Range(D.NUMBER, 0.0, 200.0, 0.0, 40.0)] = 14.0
    """Mean persons arrested in a raid."""
    seizure_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.2
    """Share of the launchers a raid seizes."""
    interdiction_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.5
    """Chance that a raid breaks an attack, all known."""
    detection_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.8)] = 0.2
    """Chance to notice a launch team in place."""
    reaction_days: Annotated[float, Range(D.DURATION, 0.001, 10.0, 0.01, 1.0)] = 0.2
    """Mean time from notice to arrival."""
    custody_days: Annotated[float, Range(D.DURATION, 0.01, 3650.0, 1.0, 365.0)] = 10.0
    """Median time until courts decide."""
    custody_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.0, 0.1, 1.5)] = 0.5
    """Log standard deviation of that time."""
    release_share: Share = 0.8
    """Share of the arrested that it lets go."""
    yield_share: Share = 0.7
    """Chance to give way to a show of force."""
    yield_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.2, 20.0)] = 3.0
    """Mean time until it gives way."""
    statement_days: Annotated[float, Range(D.DURATION, 0.01, 30.0, 0.1, 3.0)] = 0.5
    """Mean delay of its statements."""
    news_days: Annotated[float, Range(D.DURATION, 0.001, 30.0, 0.005, 0.5)] = 0.1
    """Mean delay until it learns of acts."""
    evidence: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 0.5
    """How often evidence points to the author."""
    authority_start: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 1.0
    """Its authority at the start."""
    authority_rest: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 1.0
    """Authority that it drifts to."""
    authority_memory: Annotated[float, Range(D.DURATION, 0.5, 3650.0, 14.0, 720.0)] = (
        90.0
    )
    """Time of that drift, to 1/e."""
    attack_loss: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Authority lost by an attack on its soil."""
    defiance_loss: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Authority lost by menace or defiance."""
    breach_loss: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Authority lost by a foreign strike."""
    enforcement_gain: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Authority won by a raid or a curb."""
    find_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.0
    """Chance to find a launcher after an attack."""
    support_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.0
    """Drive to act per show of support."""
    restriction_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.2)] = 0.0
    """Curbs on the sponsor when all speaks for it."""
    commander_awe: Share = 0.0
    """How far the sponsor's commander deters curbs."""
    will_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 14.0, 240.0)] = 45.0
    """Time in which what moves its will fades to 1/e."""
    wounded_weight: Annotated[float, Range(D.NUMBER, 0.0, 1.0, 0.05, 0.3)] = 0.15
    """Harm of one wounded, in deaths."""
    breach_tolerance: Annotated[float, Range(D.NUMBER, 0.001, 1000.0, 0.1, 1000.0)] = (
        1000.0
    )
    """Breaches at which a protest is even odds."""
    killing_weight: Annotated[float, Range(D.NUMBER, 0.0, 100.0, 1.0, 6.0)] = 1.0
    """Breach of a killing, in strikes."""
    ladder_ratio: Annotated[float, Range(D.NUMBER, 1.01, 20.0, 2.0, 20.0)] = 2.5
    """Breaches of one rung, in those of the one below."""
    ladder_slope: Annotated[float, Range(D.NUMBER, 0.2, 8.0, 1.5, 2.5)] = 2.0
    """Slope of the log odds of an answer in the log of breaches."""


MECHANISMS: Final = (
    Mechanism("blind_eye", "it looks away",
        "inquires, raids and curbs less, and stops fewer launches, than it could",
        off={"tolerance": 0.0}, stays_in_null=True),
    Mechanism("limited_will", "its will is limited",
        "raids and curbs less than it could", off={"resolve": 1.0}, stays_in_null=True),
    Mechanism("limited_ability", "its reach is limited",
        "inquires, raids, notices and finds less than it would", off={"ability": 1.0},
        stays_in_null=True),
    Mechanism("inquiries", "inquiries",
        "inquiries on militias let it know more, which a raid needs",
        off={"investigation_rate": 0.0}, acts=(Act.INVESTIGATION,)),
    Mechanism("traces", "traces of attacks",
        "an attack or a thwarted one lets it know more of who did it",
        off={"trace_gain": 0.0}),
    Mechanism("raids", "raids", "knowledge, will and urgency bring raids on militias",
        off={"raid_rate": 0.0}, acts=(Act.RAID,)),
    Mechanism("impatience", "impatience", "attacks that it remembers urge it to act",
        off={"impatience_effect": 0.0}),
    Mechanism("pressure", "pressure from abroad",
        "the foreign power's demands urge it to act", off={"pressure_effect": 0.0}),
    Mechanism("support", "support from abroad",
        "the foreign power's shows of support urge it to act",
        off={"support_effect": 0.0}),
    Mechanism("fear", "fear of militias",
        "threats, shows of force and defiance hold it back", off={"fear_effect": 0.0}),
    Mechanism("arrests", "arrests", "a raid arrests people of the militia",
        off={"arrests_mean": 0.0}, acts=(Act.ARREST,)),
    Mechanism("seizures", "seizures in raids", "a raid takes launchers",
        off={"seizure_share": 0.0}, acts=(Act.SEIZURE,)),
    Mechanism("interdiction_by_raids", "raids stop attacks",
        "a raid breaks off attacks in preparation", off={"interdiction_share": 0.0},
        acts=(Act.THWARTED_ATTACK,), is_feedback=True),
    Mechanism("patrols", "patrols",
        "a launch team that is noticed is stopped before it fires",
        off={"detection_share": 0.0}, acts=(Act.THWARTED_ATTACK,)),
    Mechanism("finds", "finds after attacks",
        "a launcher is found where an attack came from", off={"find_share": 0.0},
        acts=(Act.SEIZURE,)),
    Mechanism("releases", "releases by courts", "courts let most of the arrested go",
        off={"release_share": 0.0}, acts=(Act.RELEASE,)),
    Mechanism("giving_way", "giving way", "a show of force opens the doors",
        off={"yield_share": 0.0}, acts=(Act.RELEASE,)),
    Mechanism("curbs", "curbs on the sponsor",
        "will and urgency bring rules against the sponsor's access",
        off={"restriction_rate": 0.0}, acts=(Act.PERMIT_RULE,)),
    Mechanism("commander_awe", "awe of the commander",
        "the sponsor's commander, while he lives, deters curbs",
        off={"commander_awe": 0.0}),
    Mechanism("weak_authority", "its authority is weak",
        "starts, or comes to rest, at less than full authority, and raids less",
        off={"authority_start": 1.0, "authority_rest": 1.0}, stays_in_null=True),
    Mechanism("authority_lost_to_attacks", "authority lost to attacks",
        "an attack on its soil lowers its authority, and so its raids",
        off={"attack_loss": 0.0}),
    Mechanism("authority_lost_to_defiance", "authority lost to defiance",
        "threats and defiance lower its authority, and so its raids",
        off={"defiance_loss": 0.0}),
    Mechanism("authority_lost_to_strikes", "authority lost to strikes",
        "a foreign strike lowers its authority, and so its raids",
        off={"breach_loss": 0.0}),
    Mechanism("authority_won", "authority won",
        "a raid or a curb raises its authority, and so its raids",
        off={"enforcement_gain": 0.0}),
    Mechanism("late_news", "late news", "learns of acts after a delay",
        off={"news_days": 0.001}),
    Mechanism("attribution_error", "wrong attribution",
        "does not always know who did a covert act", off={"evidence": 1.0}),
    Mechanism("protests", "breaches are answered",
        "strikes on its soil bring protests, demands to leave and votes to expel",
        off={"breach_tolerance": 1000.0},
        acts=(Act.ACCUSATION, Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE,
              Act.EXPULSION)),
)  # fmt: skip
