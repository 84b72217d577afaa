"""Parameters that a file may still name though they are gone, and what replaced them.

A file that names one is refused with its line; `escalade upgrade` rewrites it where the
meaning carries over, and drops it where it does not.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Gone(NamedTuple):
    """Why a parameter is gone."""

    by: str
    """What replaced it: a parameter of the same kind, or words; empty where nothing
    did."""
    reason: str
    """One clause."""
    is_renamed: bool = False
    """Whether `by` is a parameter that takes its value over as it stands."""

    def words(self) -> str:
        """Return what to say of it, after its name."""
        see = f"; see {self.by}" if self.by else ""
        fate = f"is now {self.by}" if self.is_renamed else f"is gone{see}"
        return f"{fate}, since {self.reason}"


_NET: Final = "a blow has one net effect, whose sign is not known"
_TOLERANCE: Final = "answers follow the tolerance of harm that has added up"
_CAMPAIGN: Final = "readiness is a level, and an order leans its moves"
_TRUCE: Final = "a truce is a state with a term, kept or not"

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
        "tolerance": Gone("will", "its will is one number, and moves"),
        "resolve": Gone("will", "its will is one number, and moves"),
        "impatience_memory": Gone(
            "will_memory", "all that moves its will fades alike", True
        ),
        "pressure_memory": Gone("will_memory", "all that moves its will fades alike"),
        "fear_memory": Gone("will_memory", "all that moves its will fades alike"),
        "support_memory": Gone("will_memory", "all that moves its will fades alike"),
        "accusation_share": Gone("breach_tolerance", _TOLERANCE),
        "demand_to_leave_share": Gone("breach_tolerance and ladder_ratio", _TOLERANCE),
        "expulsion_share": Gone("breach_tolerance and killing_weight", _TOLERANCE),
    },
    "sponsor": {
        "answer_share": Gone("loss_tolerance and ladder_ratio", _TOLERANCE),
        "pushback_share": Gone("loss_tolerance and curb_loss", _TOLERANCE),
        "direct_share": Gone("loss_tolerance and commander_loss", _TOLERANCE),
        "recovery_memory": Gone(
            "replacement_days", "a killed commander leaves a post that is filled again"
        ),
        "restriction_memory": Gone(
            "the act rule_lifted", "a rule stands until it is lifted"
        ),
        "evidence": Gone("", "who attacked moves nothing that a sponsor does"),
        "resupply_rate": Gone("readiness_memory of the militia", _STOCKS),
        "resupply_launchers": Gone("readiness_memory of the militia", _STOCKS),
        "resupply_rounds": Gone("readiness_memory of the militia", _STOCKS),
    },
    "foreign_power": {
        "red_line": Gone("tolerance", _TOLERANCE),
        "strike_share": Gone("tolerance", _TOLERANCE),
        "strike_share_below": Gone("tolerance and ladder_slope", _TOLERANCE),
        "leader_share": Gone("storming_weight and ladder_ratio", _TOLERANCE),
        "accusation_share": Gone("sponsor_belief and tolerance", _TOLERANCE),
        "sanction_share": Gone("sponsor_belief and tolerance", _TOLERANCE),
        "mobilisation_share": Gone("storming_weight and tolerance", _TOLERANCE),
        "direct_share": Gone("direct_weight and ladder_ratio", _TOLERANCE),
        "direct_killed": Gone("strike_killed", "a strike is a strike, wherever"),
        "statement_days": Gone("decision_days", "words and force are decided alike"),
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
