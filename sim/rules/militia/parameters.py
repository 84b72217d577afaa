"""What a scenario says about one militia, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.002, 1.0)] = 0.05
    """Attacks it starts to prepare, by all its means, the mean of its three levels."""
    solidarity: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.3
    """Share of a blow that counts when another is hit."""
    obedience: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 0.6
    """Probability of obeying a full order."""
    preparation_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.3, 14.0)] = 4.0
    """Median time to prepare an attack."""
    emplacement_days: Annotated[float, Range(D.DURATION, 0.001, 10.0, 0.01, 1.0)] = 0.2
    """Mean time from launch site to launch."""
    max_parallel: Annotated[float, Range(D.COUNT, 0.0, 100.0, 0.0, 10.0)] = 3.0
    """Launch teams: attacks it can prepare at once, 0 no limit."""
    means_aversion: Annotated[float, Range(D.NUMBER, 0.0, 3.0)] = 1.0
    """How far it avoids a means of which much was stopped or taken."""
    means_dependence: Share = 0.5
    """How far such a loss lowers its attacks, 0 where others replace it."""
    retaliation_share: Share = 0.7
    """Probability of answering a strike on it."""
    retaliation_days: Annotated[float, Range(D.DURATION, 0.01, 60.0, 0.1, 5.0)] = 1.0
    """Median delay of that answer."""
    defiance_share: Share = 0.8
    """Probability of defying each raid, each arrest and each release."""
    claim_share: Share = 0.05
    """Probability of claiming an own attack."""
    denial_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.8)] = 0.5
    """Probability of denying one that hurt civilians."""
    statement_days: Annotated[float, Range(D.DURATION, 0.01, 30.0, 0.05, 3.0)] = 0.5
    """Mean delay of words and displays."""
    coordination_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Share of attacks with a second site at the same time."""
    readiness_memory: Annotated[float, Range(D.DURATION, 0.5, 365.0, 7.0, 60.0)] = 30.0
    """Time in which its lean fades to 1/e."""
    swing: Annotated[float, Range(D.NUMBER, 0.0, 2.0, 0.1, 0.9)] = 0.5
    """Log change of the attack rate from one level to the next."""
    persistence: Annotated[float, Range(D.DURATION, 0.5, 730.0, 14.0, 60.0)] = 30.0
    """Mean time to a move up, or down, without a lean."""
    order_shift: Annotated[float, Range(D.NUMBER, 0.0, 3.0, 0.0, 1.5)] = 1.0
    """Shift of its lean by an obeyed order."""
    blow_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 0.5)] = 0.0
    """Shift of its lean by a blow."""
    raid_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -1.0, 1.0)] = 0.0
    """Shift of its lean by a raid."""
    talks_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 1.0)] = 0.0
    """Shift of its lean by a round of talks."""
    handover_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 0.5)] = 0.0
    """Shift of its lean by a base handed over."""
    release_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 1.0)] = 0.0
    """Shift of its lean by a release of its people."""
    announce_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.0
    """Probability of announcing a campaign or a suspension."""
    storming_deaths: Annotated[float, Range(D.NUMBER, 0.0, 100000.0, 8.0, 100000.0)] = (
        100000.0
    )
    """Own deaths in a strike at which a storming of the embassy is even odds."""
    storming_guard: Share = 0.0
    """How far guards lower it for 90 days after one."""


MECHANISMS: Final = (
    Mechanism("attacks", "attacks of its own accord",
        "begins attacks at its calm rate, unprovoked", off={"base_rate": 0.0},
        shaped_by=("preparation_days", "emplacement_days"),
        acts=(Act.ROCKET_ATTACK, Act.CONVOY_BOMB), stays_in_null=True),
    Mechanism("attack_harm", "attacks do harm",
        "a round in the target area kills and wounds",
        off={"means.killed_per_hit": 0.0, "means.wounded_per_hit": 0.0},
        stays_in_null=True),
    Mechanism("harm_tail", "heavy tail of harm",
        "the same salvo meets an empty yard or a full canteen; the mean stays",
        off={"means.harm_spread": 0.0}, stays_in_null=True),
    Mechanism("misfires", "misfires", "a launcher that fails leaves rounds unfired",
        off={"means.malfunction_share": 0.0}, stays_in_null=True),
    Mechanism("defences", "defences of sites",
        "a site's defences stop a share of the rounds fired at it",
        off={"defences": 0.0}, stays_in_null=True),
    Mechanism("second_sites", "attacks on two sites at once",
        "a second team joins a launch in preparation", off={"coordination_share": 0.0},
        acts=(Act.ROCKET_ATTACK,), stays_in_null=True),
    Mechanism("attacks_at_once", "few attacks at once",
        "a limit on how many attacks it prepares at the same time",
        off={"max_parallel": 0.0}, stays_in_null=True),
    Mechanism("campaigns", "campaigns",
        "a level of readiness that lasts raises or lowers the attack rate",
        off={"swing": 0.0},
        shaped_by=("persistence", "readiness_memory"),
        acts=(Act.READINESS_RAISED, Act.READINESS_LOWERED),
        is_feedback=True),
    Mechanism("announcements", "campaigns and suspensions announced",
        "says so when it has risen to a surge or fallen quiet",
        off={"announce_share": 0.0}, acts=(Act.CAMPAIGN, Act.SUSPENSION)),
    Mechanism("substitution", "one means in place of another",
        "what was stopped or taken of a means makes it choose others, and attack less",
        off={"means_aversion": 0.0}, shaped_by=("means_dependence",), is_feedback=True),
    Mechanism("solidarity", "solidarity",
        "a blow at another militia, or its announcement, moves this one in a share",
        off={"solidarity": 0.0}),
    Mechanism("disobedience", "it obeys in part",
        "it ignores some orders, and keeps a truce in part", off={"obedience": 1.0},
        acts=(Act.COMPLIANCE, Act.DISOBEDIENCE)),
    Mechanism("defiance", "defiance of the government",
        "words after a raid, a show of force after an arrest, defiance after a release",
        off={"defiance_share": 0.0},
        acts=(Act.THREAT, Act.ULTIMATUM, Act.ADMISSION, Act.SHOW_OF_FORCE,
              Act.DEFIANCE)),
    Mechanism("claims", "claims", "claims some of its attacks",
        off={"claim_share": 0.0},
        shaped_by=("statement_days",), acts=(Act.CLAIM,)),
    Mechanism("denials", "denials", "denies attacks that hurt civilians",
        off={"denial_share": 0.0}, acts=(Act.DENIAL,)),
    Mechanism("obeyed_orders", "orders move its readiness",
        "an obeyed order of the sponsor leans its readiness up or down",
        off={"order_shift": 0.0}, is_feedback=True),
    Mechanism("retaliation", "rockets after a strike",
        "answers a strike with an attack", off={"retaliation_share": 0.0},
        shaped_by=("retaliation_days",),
        acts=(Act.ROCKET_ATTACK,), is_feedback=True),
    Mechanism("blows", "net effect of blows",
        "a strike leans its readiness up or down",
        off={"blow_shift": 0.0}, is_feedback=True),
    Mechanism("raids_felt", "net effect of raids",
        "a raid leans its readiness up or down",
        off={"raid_shift": 0.0}, is_feedback=True),
    Mechanism("releases_felt", "releases embolden",
        "a release of its people leans its readiness up",
        off={"release_shift": 0.0}, is_feedback=True),
    Mechanism("talks_felt", "talks move its readiness",
        "talks on the foreign power's presence lean its readiness up or down",
        off={"talks_shift": 0.0}, is_feedback=True),
    Mechanism("handovers_felt", "hand-overs move its readiness",
        "a base handed over leans its readiness up or down",
        off={"handover_shift": 0.0}, is_feedback=True),
    Mechanism("storming", "storming of the embassy",
        "a strike that killed its people brings a crowd to the embassy",
        off={"storming_deaths": 100000.0}, acts=(Act.EMBASSY_STORMING,)),
    Mechanism("guards", "guards after a storming",
        "a storming is the less likely for 90 days after one",
        off={"storming_guard": 0.0}),
)  # fmt: skip
