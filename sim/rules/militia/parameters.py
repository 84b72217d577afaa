"""What a scenario says about one militia, and how it is switched off."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

from sim.ladder import Act
from sim.rules.behaviour import Mechanism, Range, Share
from sim.units import Dimension as D


class MilitiaParams(NamedTuple):
    """What a scenario says about one militia; canonical units."""

    base_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.002, 1.0)] = 0.05
    """Attacks it starts to prepare when calm."""
    solidarity: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.9)] = 0.3
    """Share of a blow that counts when another is hit."""
    obedience: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.1, 1.0)] = 0.6
    """Probability of obeying a full order."""
    directive_effect: Annotated[float, Range(D.NUMBER, 0.0, 3.0, 0.0, 1.5)] = 0.7
    """Log change of the rate under an obeyed order."""
    preparation_days: Annotated[float, Range(D.DURATION, 0.01, 90.0, 0.3, 14.0)] = 4.0
    """Median time to prepare an attack."""
    preparation_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.0, 0.2, 1.5)] = 0.6
    """Log standard deviation of that time."""
    emplacement_days: Annotated[float, Range(D.DURATION, 0.001, 10.0, 0.01, 1.0)] = 0.2
    """Mean time from launch site to launch."""
    max_parallel: Annotated[float, Range(D.COUNT, 0.0, 100.0, 0.0, 10.0)] = 3.0
    """Attacks in preparation, 0 no limit."""
    salvo_median: Annotated[float, Range(D.COUNT, 1.0, 100.0, 1.0, 8.0)] = 3.0
    """Median rounds set up for one attack."""
    salvo_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.5, 0.2, 1.8)] = 1.1
    """Log standard deviation of the salvo."""
    malfunction_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.3)] = 0.1
    """Share of attacks whose launcher fails."""
    accuracy: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.05, 0.8)] = 0.6
    """Share of fired rounds in the target area."""
    killed_per_hit: Annotated[float, Range(D.NUMBER, 0.0, 5.0, 0.005, 0.1)] = 0.03
    """Mean deaths per hit and unit of exposure."""
    wounded_per_hit: Annotated[float, Range(D.NUMBER, 0.0, 20.0, 0.01, 0.8)] = 0.2
    """Mean wounded per hit and unit of exposure."""
    retaliation_share: Share = 0.7
    """Probability of answering a strike on it."""
    retaliation_days: Annotated[float, Range(D.DURATION, 0.01, 60.0, 0.1, 5.0)] = 1.0
    """Median delay of that answer."""
    retaliation_spread: Annotated[float, Range(D.NUMBER, 0.0, 2.0, 0.2, 1.5)] = 0.5
    """Log standard deviation of that delay."""
    show_of_force_share: Share = 0.8
    """Probability of a show of force on arrest."""
    threat_share: Share = 0.5
    """Probability of a threat after a raid."""
    defiance_share: Share = 0.8
    """Probability of defiance after a release."""
    claim_share: Share = 0.05
    """Probability of claiming an own attack."""
    denial_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.8)] = 0.5
    """Probability of denying one that hurt civilians."""
    statement_days: Annotated[float, Range(D.DURATION, 0.01, 30.0, 0.05, 3.0)] = 0.5
    """Mean delay of words and displays."""
    news_days: Annotated[float, Range(D.DURATION, 0.001, 30.0, 0.005, 0.5)] = 0.2
    """Mean delay until it learns of acts."""
    launchers: Annotated[float, Range(D.COUNT, 0.0, 10000.0, 2.0, 400.0)] = 20.0
    """Launchers at the start."""
    rounds: Annotated[float, Range(D.COUNT, 0.0, 1000000.0, 50.0, 10000.0)] = 500.0
    """Rounds at the start."""
    coordination_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.2)] = 0.0
    """Share of attacks with a second site at the same time."""
    drift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -1.5, 1.5)] = 0.0
    """Log change of the attack rate over the first year."""
    convoy_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.1)] = 0.0
    """Convoy bombs it starts to prepare when calm."""
    convoy_killed: Annotated[float, Range(D.NUMBER, 0.0, 20.0, 0.0, 1.0)] = 0.0
    """Mean dead of the host's people per convoy bomb."""
    convoy_wounded: Annotated[float, Range(D.NUMBER, 0.0, 50.0, 0.0, 3.0)] = 0.0
    """Mean wounded of the host's people per bomb."""
    menace_rate: Annotated[float, Range(D.RATE, 0.0, 2.0, 0.0, 0.3)] = 0.0
    """Public threats to the foreign power when provoked."""
    ultimatum_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.0
    """Probability of an ultimatum after a raid."""
    admission_share: Annotated[float, Range(D.SHARE, 0.0, 1.0, 0.0, 0.6)] = 0.0
    """Probability of admitting attacks after a raid."""
    harm_spread: Annotated[float, Range(D.NUMBER, 0.0, 4.0, 0.0, 2.5)] = 0.0
    """Log standard deviation of an attack's harm."""
    readiness_memory: Annotated[float, Range(D.DURATION, 0.5, 365.0, 7.0, 60.0)] = 30.0
    """Time in which what moves it fades to 1/e."""
    blow_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 0.5)] = 0.0
    """Log change of the attack rate per blow remembered."""
    raid_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -1.0, 1.0)] = 0.0
    """Log change of that rate per raid remembered."""
    talks_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 1.0)] = 0.0
    """Log change of that rate per round of talks."""
    handover_shift: Annotated[float, Range(D.NUMBER, -2.0, 2.0, -0.5, 0.5)] = 0.0
    """Log change of that rate per base handed over."""
    defection_share: Share = 1.0
    """Share of its rate left in a truce that it does not keep."""
    storming_share: Share = 0.0
    """Highest chance of a storming, after ever deadlier strikes."""
    storming_deaths: Annotated[float, Range(D.NUMBER, 0.0, 1000.0, 8.0, 30.0)] = 18.0
    """Own deaths in a strike that give half that chance."""
    storming_guard: Share = 0.0
    """How far guards lower it for 90 days after one."""


MECHANISMS: Final = (
    Mechanism("attacks", "attacks of its own accord",
        "begins attacks at its calm rate, unprovoked", off={"base_rate": 0.0},
        acts=(Act.ROCKET_ATTACK,), stays_in_null=True),
    Mechanism("attack_harm", "attacks do harm",
        "a round in the target area kills and wounds",
        off={"killed_per_hit": 0.0, "wounded_per_hit": 0.0}, stays_in_null=True),
    Mechanism("harm_tail", "heavy tail of harm",
        "the same salvo meets an empty yard or a full canteen; the mean stays",
        off={"harm_spread": 0.0}, stays_in_null=True),
    Mechanism("misfires", "misfires", "a launcher that fails leaves rounds unfired",
        off={"malfunction_share": 0.0}, stays_in_null=True),
    Mechanism("second_sites", "attacks on two sites at once",
        "a second team joins a launch in preparation", off={"coordination_share": 0.0},
        acts=(Act.ROCKET_ATTACK,), stays_in_null=True),
    Mechanism("convoy_bombs", "convoy bombs",
        "bombs laid for convoys, at a rate that moves as the attack rate does",
        off={"convoy_rate": 0.0}, acts=(Act.CONVOY_BOMB,), stays_in_null=True),
    Mechanism("attacks_at_once", "few attacks at once",
        "a limit on how many attacks it prepares at the same time",
        off={"max_parallel": 0.0}, stays_in_null=True),
    Mechanism("drift", "drift of its aims",
        "the attack rate rises or falls over the first year, whatever happens",
        off={"drift": 0.0}, stays_in_null=True),
    Mechanism("scarcity", "arms run short",
        "no attack without a launcher and a round; losses and deliveries count",
        off={"launchers": 10000.0, "rounds": 1000000.0}, is_feedback=True),
    Mechanism("solidarity", "solidarity",
        "a blow at another militia moves this one too, in a share",
        off={"solidarity": 0.0}),
    Mechanism("disobedience", "it obeys in part",
        "it ignores some orders, and keeps a truce in part", off={"obedience": 1.0},
        acts=(Act.COMPLIANCE, Act.DISOBEDIENCE)),
    Mechanism("menaces", "public threats to the foreign power",
        "threatens while it holds something against it", off={"menace_rate": 0.0},
        acts=(Act.THREAT,)),
    Mechanism("threats_after_raids", "threats to the government",
        "a raid brings a threat or an ultimatum",
        off={"threat_share": 0.0, "ultimatum_share": 0.0},
        acts=(Act.THREAT, Act.ULTIMATUM)),
    Mechanism("admissions", "admissions", "after a raid it admits attacks",
        off={"admission_share": 0.0}, acts=(Act.ADMISSION,)),
    Mechanism("shows_of_force", "shows of force",
        "an arrest brings armed men to the streets", off={"show_of_force_share": 0.0},
        acts=(Act.SHOW_OF_FORCE,)),
    Mechanism("defiance", "defiance by the released",
        "a release is followed by defiance", off={"defiance_share": 0.0},
        acts=(Act.DEFIANCE,)),
    Mechanism("claims", "claims", "claims some of its attacks",
        off={"claim_share": 0.0}, acts=(Act.CLAIM,)),
    Mechanism("denials", "denials", "denies attacks that hurt civilians",
        off={"denial_share": 0.0}, acts=(Act.DENIAL,)),
    Mechanism("late_news", "late news", "learns of acts after a delay",
        off={"news_days": 0.001}),
    Mechanism("obeyed_orders", "orders move the attack rate",
        "an obeyed order of the sponsor raises or lowers the attack rate",
        off={"directive_effect": 0.0}, is_feedback=True),
    Mechanism("retaliation", "rockets after a strike",
        "answers a strike with an attack", off={"retaliation_share": 0.0},
        acts=(Act.ROCKET_ATTACK,), is_feedback=True),
    Mechanism("blows", "net effect of blows",
        "a strike that it remembers raises or lowers the attack rate",
        off={"blow_shift": 0.0}, is_feedback=True),
    Mechanism("raids_felt", "net effect of raids",
        "a raid that it remembers raises or lowers the attack rate",
        off={"raid_shift": 0.0}, is_feedback=True),
    Mechanism("talks_felt", "talks move the attack rate",
        "talks on the foreign power's presence raise or lower the attack rate",
        off={"talks_shift": 0.0}, is_feedback=True),
    Mechanism("handovers_felt", "hand-overs move the attack rate",
        "a base handed over raises or lowers the attack rate",
        off={"handover_shift": 0.0}, is_feedback=True),
    Mechanism("truce_in_part", "a truce lowers the rate of who breaks it",
        "attacks less in a truce that it does not keep", off={"defection_share": 1.0},
        is_feedback=True),
    Mechanism("storming", "storming of the embassy",
        "a strike that killed its people brings a crowd to the embassy",
        off={"storming_share": 0.0}, acts=(Act.EMBASSY_STORMING,)),
    Mechanism("guards", "guards after a storming",
        "a storming is the less likely for 90 days after one",
        off={"storming_guard": 0.0}),
)  # fmt: skip
