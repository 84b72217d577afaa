"""A world with every mechanism on, and a way to turn one of them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sim.engine.cast import Cast
from sim.engine.run import run_replication
from tests.builders import MILITIAS, SITES, bombs, rockets, scenario

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog
    from sim.scenario.scenario import Scenario

ROOT_SEED: Final = 20200706
DAYS: Final = 70.0

ON: Final[dict[str, dict[str, float]]] = {
    "militia": {
        "base_rate": 0.15, "retaliation_share": 0.2,
        "blow_shift": 0.1, "solidarity": 0.2, "preparation_days": 2.0,
        "coordination_share": 0.3, "persistence": 10.0, "raid_shift": -0.1,
        "talks_shift": 0.2, "handover_shift": -0.2, "announce_share": 0.5,
        "defiance_share": 0.9,
        "storming_deaths": 8.0, "storming_guard": 0.2, "claim_share": 0.2,
    },
    "means": {"killed_per_hit": 0.08, "malfunction_share": 0.3},
    "host": {
        "raid_rate": 0.5, "find_share": 0.3,
        "authority_step": 0.05, "support_effect": 0.1, "restriction_rate": 0.2,
        "detection_share": 0.3, "authority_memory": 30.0, "breach_tolerance": 0.8,
        "impatience_effect": 0.5, "trace_gain": 2.0, "investigation_rate": 0.4,
    },
    "sponsor": {
        "directive_rate": 0.1, "commander_share": 0.3, "sanction_loss": 0.5,
        "restriction_effect": 0.2, "visit_rate": 0.05, "loss_tolerance": 1.0,
        "direct_killed": 1.0, "direct_wounded": 10.0, "replacement_days": 15.0,
        "truce_share": 0.4, "truce_rate": 0.01, "truce_days": 35.0,
        "truce_deaths": 3.0,
    },
    "foreign": {
        "tolerance": 0.5, "sponsor_belief": 0.5, "storming_weight": 10.0,
        "direct_weight": 20.0, "support_rate": 0.03, "talks_rate": 0.02,
        "handover_rate": 0.005, "leave_effect": 0.3, "evacuation_threat_rate": 0.05,
    },
}  # fmt: skip
"""Parameters with which every act of the four kinds happens within weeks."""

Turned = tuple[tuple[str, float], ...]
"""Parameters at other values, such as ``(("militia.base_rate", 0.0),)``."""


def wide(turned: Turned = ()) -> Scenario:
    """Return the world with every mechanism on, some parameters turned.

    Each actor has all the roles that its kind knows; the foreign power occupies each
    site and can hand over each.
    """
    values = {kind: dict(table) for kind, table in ON.items()}
    for path, value in turned:
        kind, _, name = path.partition(".")
        values[kind][name] = value
    chosen = scenario(
        militia_params=values["militia"],
        host_params=values["host"],
        sponsor_params=values["sponsor"],
        foreign_params=values["foreign"],
        means=(rockets(**values["means"]), bombs(wounded_per_hit=1.0)),
        horizon=DAYS,
    )
    more = {
        "iraq": {"restricted": ("iran",)},
        "iran": {"hosts": ("iraq",), "clients": MILITIAS},
        "united_states": {"sponsors": ("iran",)},
    }
    actors = tuple(
        replace(
            actor,
            roles={**actor.roles, **more.get(actor.name, {})},
            reach=dict.fromkeys(SITES, 1.0)
            if actor.name == "united_states"
            else actor.reach,
            opportunity={"rocket": 20.0, "roadside_bomb": 5.0},
        )
        for actor in chosen.actors
    )
    defended = replace(chosen.sites[0], defences={"rocket": 0.1})
    return replace(chosen, actors=actors, sites=(defended, *chosen.sites[1:]))


@lru_cache(maxsize=4)
def logs_of(turned: Turned = (), n: int = 8) -> tuple[Cast, list[IncidentLog]]:
    """Return the first n logs of the world, some parameters turned; run once."""
    cast = Cast(wide(turned))
    return cast, [run_replication(cast, ROOT_SEED, number) for number in range(n)]
