"""What a scenario says about one host government, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class HostGovernmentParams(NamedTuple):
    """What a scenario says about one host government; canonical units."""

    ability: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.05, 1.0)] = 0.7
    """Reach of its forces against a militia."""
    investigation_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.5)] = 0.05
    """Inquiries per militia at full effort."""
    trace_gain: Annotated[float, Range(D.NUMBER, 0.0, 10.0, 0.0, 3.0)] = 0.3
    """Intelligence from the traces of an attack, in inquiries per death."""
    intelligence_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 7.0, 180.0)] = (
        60.0
    )
    """Time in which it ages to 1/e."""
    raid_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.5)] = 0.1
    """Raids on a militia when all speaks for it."""
    impatience_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 2.0)] = 0.1
    """Log odds of its will per death in attacks."""
    pressure_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.2
    """Log odds of its will per demand."""
    fear_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.5)] = 0.2
    """Fall of the log odds of its will per menace."""
    planning_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.5, 30.0)] = 5.0
    """Median time to plan a raid."""
    arrests_mean: Annotated[float, Range(D.NUMBER, 0.0, 200.0, 0.0, 40.0)] = 14.0
    """Mean persons arrested in a raid."""
    seizure_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.2
    """Share of the launchers a raid seizes."""
    interdiction_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.5
    """Chance that a raid breaks off an attack in preparation, all known."""
    detection_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.8)] = 0.2
    """Chance to notice a launch team in place."""
    reaction_days: Annotated[float, Range(D.DURATION, 0.001, 10.0, 0.01, 1.0)] = 0.2
    """Mean time from notice to arrival."""
    custody_days: Annotated[float, Range(D.DURATION, 0.01, 3650.0, 1.0, 365.0)] = 10.0
    """Median time until courts decide."""
    release_share: Share = 0.8
    """Share of the arrested that it lets go."""
    evidence: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 0.5
    """How often evidence points to the author."""
    will: Annotated[float, Range(D.NUMBER, -10.0, 10.0, -7.0, 1.0)] = -3.0
    """Log odds of its will to act when nothing urges it."""
    new_government: Annotated[float, Range(D.NUMBER, -10.0, 10.0, 0.0, 2.0)] = 0.0
    """Log odds of it that a new government adds when sworn in."""
    authority: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 1.0
    """Its authority at the start, and that to which it drifts."""
    authority_memory: Annotated[float, Range(D.DURATION, 0.5, 3650.0, 14.0, 720.0)] = (
        90.0
    )
    """Time of that drift, to 1/e."""
    authority_step: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Authority lost by a menace, foreign strike or death in attacks, won by a raid."""
    find_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.0
    """Chance to find a launcher after an attack."""
    support_effect: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.0, 1.0)] = 0.0
    """Log odds of its will per show of support."""
    restriction_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.2)] = 0.0
    """Curbs on the sponsor when all speaks for it."""
    commander_awe: Share = 0.0
    """How far the sponsor's commander deters curbs."""
    will_memory: Annotated[float, Range(D.DURATION, 0.5, 730.0, 14.0, 240.0)] = 45.0
    """Time in which what moves its will fades to 1/e."""
    breach_tolerance: Annotated[float, Range(D.NUMBER, 0.001, 1000.0, 0.1, 1000.0)] = (
        1000.0
    )
    """Breaches at which a protest is even odds."""


MECHANISMS: Final = (
    Mechanism("limited_will", "its will is limited",
        "inquires, raids and curbs less, and stops fewer launches, than it could",
        off={"will": 10.0}, stays_in_null=True),
    Mechanism("new_government", "a new government",
        "a government newly sworn in has another will", off={"new_government": 0.0},
        stays_in_null=True),
    Mechanism("limited_ability", "its reach is limited",
        "inquires, raids, notices and finds less than it would", off={"ability": 1.0},
        stays_in_null=True),
    Mechanism("inquiries", "inquiries",
        "inquiries on militias let it know more, which a raid needs",
        off={"investigation_rate": 0.0},
        shaped_by=("intelligence_memory",), acts=(Act.INVESTIGATION,)),
    Mechanism("traces", "traces of attacks",
        "an attack that does harm lets it know more of who did it",
        off={"trace_gain": 0.0}),
    Mechanism("raids", "raids", "knowledge and will bring raids on militias",
        off={"raid_rate": 0.0},
        shaped_by=("planning_days",), acts=(Act.RAID, Act.THWARTED_ATTACK)),
    Mechanism("impatience", "impatience", "attacks that it remembers urge it to act",
        off={"impatience_effect": 0.0},
        shaped_by=("will_memory",)),
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
        off={"detection_share": 0.0},
        shaped_by=("reaction_days",), acts=(Act.THWARTED_ATTACK,)),
    Mechanism("finds", "finds after attacks",
        "a launcher is found where an attack came from", off={"find_share": 0.0},
        acts=(Act.SEIZURE,)),
    Mechanism("releases", "releases by courts", "courts let most of the arrested go",
        off={"release_share": 0.0},
        shaped_by=("custody_days",), acts=(Act.RELEASE,)),
    Mechanism("curbs", "curbs on the sponsor",
        "its will brings rules against the sponsor's access",
        off={"restriction_rate": 0.0}, acts=(Act.PERMIT_RULE,)),
    Mechanism("commander_awe", "awe of the commander",
        "the sponsor's commander, while he lives, deters curbs",
        off={"commander_awe": 0.0}),
    Mechanism("weak_authority", "its authority is weak",
        "starts, and comes to rest, at less than full authority, and raids less",
        off={"authority": 1.0}, stays_in_null=True),
    Mechanism("authority_at_stake", "authority lost and won",
        "attacks, strikes and defiance lower its authority, and so its raids; those "
        "raise it", off={"authority_step": 0.0},
        shaped_by=("authority_memory",)),
    Mechanism("attribution_error", "wrong attribution",
        "does not always know who did a covert act", off={"evidence": 1.0}),
    Mechanism("protests", "breaches are answered",
        "strikes on its soil bring protests, demands to leave and votes to expel",
        off={"breach_tolerance": 1000.0},
        acts=(Act.ACCUSATION, Act.DEMAND_TO_LEAVE, Act.EXPULSION_VOTE,
              Act.EXPULSION)),
)  # fmt: skip
