"""Parameters that a file may still name though they are gone, and what replaced them.

A file that names one is refused with its line; `escalade upgrade` rewrites it where the
meaning carries over, and drops it where it does not.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.reading.slot import as_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.reading.tree import Plain


class Gone(NamedTuple):
    """Why a parameter is gone."""

    by: str
    """What replaced it: a parameter of the same kind, or words; empty where nothing
    did."""
    reason: str
    """One clause."""
    is_renamed: bool = False
    """Whether `by` is a parameter that takes its value over."""
    converted: Callable[[float], float] | None = None
    """The new value of an old one; None where it is taken over as it stands."""

    def words(self) -> str:
        """Return what to say of it, after its name."""
        see = f"; see {self.by}" if self.by else ""
        fate = f"is now {self.by}" if self.is_renamed else f"is gone{see}"
        return f"{fate}, since {self.reason}"


def _odds_against(tolerance: float) -> float:
    """Return the log odds of what was not tolerated, within what `will` may be."""
    if not 0.0 < tolerance < 1.0:
        return -10.0 if tolerance > 0.5 else 10.0
    return min(10.0, max(-10.0, log((1.0 - tolerance) / tolerance)))


_NET: Final = "a blow has one net effect, whose sign is not known"
_TOLERANCE: Final = "answers follow the tolerance of harm that has added up"
_CAMPAIGN: Final = "readiness is a level, and an order leans its moves"
_TRUCE: Final = "a truce is a state with a term, kept or not"
_SPREAD: Final = "delays spread alike, and their medians are what counts"
_NEWS: Final = "news comes within hours, to everybody alike"
_SLOPE: Final = "one slope serves all ladders"
_RATIO: Final = "what is borne, and what counts as how much, move the same"
_TOLLS: Final = "no rule reads it: it is in fixed proportion to the militia's dead"
_DEFIANCE: Final = "a raid, an arrest and a release are defied alike"
_STEP: Final = "what costs authority, or wins it, counts in one unit"

_MEANS: Final = "means of attack are a table of the scenario"
_STOCKS: Final = (
    "a stock that never ran out is the opportunity for a means, and what is lost of it "
    "is made good as its memory fades"
)

GONE: Final[dict[str, dict[str, Gone]]] = {
    "militia": {
        "reciprocity": Gone("blow_shift", _NET),
        "tension_cap": Gone("blow_shift", _NET),
        "tension_memory": Gone(
            "readiness_memory", "all that moves its readiness fades alike", True
        ),
        "strike_tension": Gone("blow_shift", _NET),
        "arrest_tension": Gone("raid_shift", _NET),
        "directive_memory": Gone(
            "readiness_memory", "all that moves its readiness fades alike"
        ),
        "deterrence": Gone("blow_shift", _NET),
        "raid_deterrence": Gone("raid_shift", _NET),
        "fear_memory": Gone(
            "readiness_memory", "all that moves its readiness fades alike"
        ),
        "talks_tension": Gone("talks_shift", "talks shift the log of the rate"),
        "handover_relief": Gone(
            "handover_shift", "a hand-over shifts the log of the rate"
        ),
        "truce_effect": Gone("obedience", _TRUCE),
        "defection_share": Gone("obedience", "who does not keep a truce goes on"),
        "directive_effect": Gone("order_shift", _CAMPAIGN),
        "drift": Gone("a development that scales base_rate", "a trend is put in"),
        "menace_rate": Gone("announce_share", "what it threatens is a campaign"),
        "truce_memory": Gone("truce_days of the sponsor", _TRUCE),
        "evidence": Gone("", "of what a militia heeds the author is known"),
        "preparation_spread": Gone("", _SPREAD),
        "retaliation_spread": Gone("", _SPREAD),
        "news_days": Gone("", _NEWS),
        "show_of_force_share": Gone("defiance_share", _DEFIANCE, True),
        "threat_share": Gone("defiance_share", _DEFIANCE),
        "ultimatum_share": Gone("defiance_share", _DEFIANCE),
        "admission_share": Gone("defiance_share", _DEFIANCE),
        "storming_share": Gone(
            "storming_deaths", "ever deadlier strikes bring one for sure"
        ),
        **{
            name: Gone(f"means.rocket.{name}", _MEANS)
            for name in (
                "salvo_median",
                "salvo_spread",
                "malfunction_share",
                "accuracy",
                "killed_per_hit",
                "wounded_per_hit",
                "harm_spread",
            )
        },
        "convoy_rate": Gone("means.roadside_bomb, and means of the actor", _MEANS),
        "convoy_killed": Gone("means.roadside_bomb.killed_per_hit", _MEANS),
        "convoy_wounded": Gone("means.roadside_bomb.wounded_per_hit", _MEANS),
        "launchers": Gone("means.rocket of the actor", _STOCKS),
        "rounds": Gone("means of the actor", _STOCKS),
    },
    "host_government": {
        "yield_share": Gone("release_share", "doors open by courts"),
        "yield_days": Gone("custody_days", "doors open by courts"),
        "tolerance": Gone(
            "will", "its will is one number, and moves", True, _odds_against
        ),
        "resolve": Gone("will", "its will is one number, and moves"),
        "impatience_memory": Gone(
            "will_memory", "all that moves its will fades alike", True
        ),
        "pressure_memory": Gone("will_memory", "all that moves its will fades alike"),
        "fear_memory": Gone("will_memory", "all that moves its will fades alike"),
        "support_memory": Gone("will_memory", "all that moves its will fades alike"),
        "accusation_share": Gone("breach_tolerance", _TOLERANCE),
        "demand_to_leave_share": Gone("breach_tolerance", _TOLERANCE),
        "expulsion_share": Gone("breach_tolerance", _TOLERANCE),
        "planning_spread": Gone("", _SPREAD),
        "custody_spread": Gone("", _SPREAD),
        "statement_days": Gone("", "no answer hangs on when it protests"),
        "news_days": Gone("", _NEWS),
        "intelligence_gain": Gone("trace_gain", "intelligence is in inquiries"),
        "intelligence_needed": Gone(
            "investigation_rate", "two inquiries give half effect"
        ),
        "authority_start": Gone("authority", "it drifts to where it started", True),
        "authority_rest": Gone("authority", "it drifts to where it started"),
        "defiance_loss": Gone("authority_step", _STEP, True),
        "attack_loss": Gone("authority_step", _STEP),
        "breach_loss": Gone("authority_step", _STEP),
        "enforcement_gain": Gone("authority_step", _STEP),
        "wounded_weight": Gone("", "one weight of a wounded serves all but the target"),
        "killing_weight": Gone("breach_tolerance", "a killing weighs as three strikes"),
        "ladder_ratio": Gone("breach_tolerance", _RATIO),
        "ladder_slope": Gone("", _SLOPE),
    },
    "sponsor": {
        "answer_share": Gone("loss_tolerance", _TOLERANCE),
        "pushback_share": Gone("loss_tolerance and curb_loss", _TOLERANCE),
        "direct_share": Gone("loss_tolerance and commander_loss", _TOLERANCE),
        "recovery_memory": Gone(
            "replacement_days", "a killed commander leaves a post that is filled again"
        ),
        "restriction_memory": Gone(
            "the act rule_lifted", "a rule stands until it is lifted"
        ),
        "evidence": Gone("", "who attacked moves nothing that a sponsor does"),
        "alarm_memory": Gone("loss_memory", "all that moves its orders fades alike"),
        "pushback_spread": Gone("", _SPREAD),
        "direct_spread": Gone("", _SPREAD),
        "news_days": Gone("", _NEWS),
        "ladder_ratio": Gone("loss_tolerance", _RATIO),
        "ladder_slope": Gone("", _SLOPE),
        "resupply_rate": Gone("readiness_memory of the militia", _STOCKS),
        "resupply_launchers": Gone("readiness_memory of the militia", _STOCKS),
        "resupply_rounds": Gone("readiness_memory of the militia", _STOCKS),
    },
    "foreign_power": {
        "red_line": Gone("tolerance", _TOLERANCE),
        "strike_share": Gone("tolerance", _TOLERANCE),
        "strike_share_below": Gone("tolerance", _TOLERANCE),
        "leader_share": Gone("storming_weight and ladder_ratio", _TOLERANCE),
        "accusation_share": Gone("sponsor_belief and tolerance", _TOLERANCE),
        "sanction_share": Gone("sponsor_belief and tolerance", _TOLERANCE),
        "mobilisation_share": Gone("storming_weight and tolerance", _TOLERANCE),
        "direct_share": Gone("direct_weight and ladder_ratio", _TOLERANCE),
        "direct_killed": Gone("strike_killed", "a strike is a strike, wherever"),
        "statement_days": Gone("decision_days", "words and force are decided alike"),
        "planning_spread": Gone("", _SPREAD),
        "strike_killed_host": Gone("strike_killed", _TOLLS),
        "strike_killed_civilian": Gone("strike_killed", _TOLLS),
        "strike_wounded": Gone("strike_killed", _TOLLS),
        "news_days": Gone("", _NEWS),
        "ladder_slope": Gone("", _SLOPE),
    },
    "limits": {
        "war_window": Gone("exchange_window", "a direct exchange is no war", True),
        "war_strikes": Gone("exchange_strikes", "a direct exchange is no war", True),
    },
}
"""By kind of actor, or ``limits``: each parameter that is gone."""


def gone_messages(section: str) -> dict[str, str]:
    """Return what is said of each parameter of a section that is gone.

    >>> gone_messages("foreign_power")["red_line"][:34]
    'is gone; see tolerance, since answ'
    >>> gone_messages("sponsor")["evidence"][:29]
    'is gone, since who attacked m'
    """
    hint = "; `escalade upgrade FILE` rewrites the file"
    return {name: f"{row.words()}{hint}" for name, row in GONE.get(section, {}).items()}


def gone_at(data: Plain, path: str) -> str:
    """Return what is said of a path that names a parameter that is gone; else ''.

    Parameters
    ----------
    data
        The scenario's data, from which the actors' kinds are read.
    path
        A path such as ``actors.iraq.tolerance``.

    Examples
    --------
    >>> gone_at({"actors": {"a": {"kind": "sponsor"}}}, "actors.a.evidence")[:21]
    'names what is gone, s'
    """
    *keys, name = path.split(".")
    section = ".".join(keys)
    if keys[:1] == ["actors"]:
        actor = as_mapping(as_mapping(data).get("actors")).get(keys[-1])
        section = str(as_mapping(actor).get("kind", ""))
    row = GONE.get(section, {}).get(name)
    return f"names what {row.words()}" if row else ""
