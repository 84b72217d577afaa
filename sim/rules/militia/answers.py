"""What a militia answers: strikes, arrests, raids, orders, and what it says."""

from __future__ import annotations

from typing import Final

from sim.ladder import Act
from sim.rules.behaviour import Effect, Percept, Setting, Uniforms
from sim.rules.effects import effect_with
from sim.rules.inversion import delay, exponential
from sim.rules.militia.parameters import MilitiaParams
from sim.rules.militia.state import MilitiaView
from sim.rules.tolerance import SLOPE, power_of


def answers_strike(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """Whether it answers a strike with an attack: 1, else 0.

    A strike on another counts with the share `solidarity`.
    """
    share = params.retaliation_share
    if percept.is_at_me == 0:
        share = share * params.solidarity
    if view.keeps > 0.0:
        return 0
    return 1 if u < share else 0


def retaliation_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days from learning of a strike to an answer in place; lognormal."""
    return delay(u, params.retaliation_days)


def shows_force(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """Whether an arrest of its own people brings a show of force: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.defiance_share else 0


def has_detained(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether any of its people are still held: what a show of force is for."""
    return view.detained > 0.0


THREATS: Final = 2.0 / 3.0
"""Share of threats in what militias say after a raid. Two statements followed the one
raid of the record: a threat, and one that threatened, set a condition and admitted."""

ULTIMATUMS: Final = 1.0 / 6.0
"""Share of ultimatums in it; the rest are admissions."""


def threatens(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """What it says after a raid: 1 threat, 2 ultimatum, 3 admission, 0 nothing.

    It speaks with `defiance_share`, on a raid against another militia times
    `solidarity`; what it says then is a threat or an ultimatum by the shares
    `THREATS` and `ULTIMATUMS`, and else an admission.
    """
    if percept.is_mine == 1:
        return 0
    share = params.defiance_share
    if percept.is_at_me == 0:
        share = share * params.solidarity
    if u >= share:
        return 0
    if u < share * THREATS:
        return 1
    return 2 if u < share * (THREATS + ULTIMATUMS) else 3


GUARD_DAYS: Final = 90.0
"""Days for which guards are kept after a storming."""


def storms(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """Whether a deadly blow on it brings a storming of the embassy: 1, else 0.

    With K of its own dead and even odds at K50, the parameter `storming_deaths`,
    ``1 / (1 + ((1 + K50) / (1 + K)) ** 2)``, less the share `storming_guard` for
    `GUARD_DAYS` after the last storming. The form is ours.
    """
    if percept.is_at_me == 0:
        return 0
    scale = (1.0 + params.storming_deaths) / (1.0 + percept.killed_own)
    chance = 1.0 / (1.0 + power_of(scale, SLOPE))
    if view.since_storming < GUARD_DAYS:
        chance = chance * (1.0 - params.storming_guard)
    return 1 if u < chance else 0


def defies(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """Whether the release of its people is followed by defiance: 1, else 0."""
    return 1 if percept.is_at_me == 1 and u < params.defiance_share else 0


def speaks(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """What it says of its own attack: 1 claims it, 2 denies it, 0 keeps silent.

    It claims with `claim_share`; it denies only an attack that hurt civilians, with
    `denial_share` of what is left.
    """
    if percept.is_mine == 0:
        return 0
    if u < params.claim_share:
        return 1
    hurt = percept.killed_civilian + percept.wounded_civilian
    rest = params.denial_share * (1.0 - params.claim_share)
    if hurt > 0.0 and u < params.claim_share + rest:
        return 2
    return 0


def statement_delay(params: MilitiaParams, view: MilitiaView, u: float) -> float:
    """Days until words or a display follow; exponential."""
    return exponential(u, params.statement_days)


def obeys(params: MilitiaParams, view: MilitiaView, percept: Percept, u: float) -> int:
    """What it does with an order.

    1 to 3 obeys a press, a hold, a truce, 4 ignores it, 5 obeys and attacks at once,
    6 ignores a hold. In a truce no other order is answered.

    The probability of obeying is `obedience` times the authority behind the order.
    """
    if percept.is_at_me == 0 or (view.truce > 0.0 and percept.act != Act.TRUCE):
        return 0
    if u >= params.obedience * percept.force:
        return 6 if percept.act == Act.DIRECTIVE_HOLD else 4
    if percept.act == Act.TRUCE:
        return 3
    if percept.act == Act.DIRECTIVE_HOLD:
        return 2
    return 5 if percept.rounds > 0.0 else 1


def is_latest(params: MilitiaParams, view: MilitiaView, waited: float) -> bool:
    """Whether no other order has replaced it since it came."""
    return view.since_order >= waited


def is_firing(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether it does not hold its fire anyway: only then is a hold ignored."""
    return view.holds <= 0.0


def is_in_truce(params: MilitiaParams, view: MilitiaView) -> bool:
    """Whether the truce that it is to keep is still in force."""
    return view.truce > 0.0


def carries_out(
    params: MilitiaParams, view: MilitiaView, percept: Percept, u: float
) -> int:
    """Whether it attacks as it was told to do at once: 1, else 0.

    Not where an order moves nothing in it (`order_shift` 0).
    """
    if percept.is_mine == 0 or percept.rounds <= 0.0 or params.order_shift <= 0.0:
        return 0
    return 1


def pressing(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """Mark an obeyed order to attack."""
    return effect_with(force=1.0)


def pressing_at_once(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """Mark an obeyed order to attack at once."""
    return effect_with(force=1.0, rounds=1.0)


def holding(
    params: MilitiaParams, view: MilitiaView, setting: Setting, u: Uniforms
) -> Effect:
    """Mark an obeyed order to hold fire."""
    return effect_with(force=-1.0)
