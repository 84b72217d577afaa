"""Illustrative parameters: for the docstrings' examples and for first tries.

They describe nobody. Real numbers, with their sources, stand in scenario files.
"""

from __future__ import annotations

from typing import Final

from sim.rules.foreign_power import ForeignPowerParams
from sim.rules.host_government import HostGovernmentParams
from sim.rules.militia import MilitiaParams
from sim.rules.sponsor import SponsorParams

MILITIA: Final = MilitiaParams(
    base_rate=0.05,
    solidarity=0.3,
    obedience=0.6,
    directive_effect=0.7,
    preparation_days=4.0,
    preparation_spread=0.6,
    emplacement_days=0.2,
    max_parallel=3.0,
    salvo_median=3.0,
    salvo_spread=1.1,
    malfunction_share=0.1,
    accuracy=0.6,
    killed_per_hit=0.03,
    wounded_per_hit=0.2,
    retaliation_share=0.7,
    retaliation_days=1.0,
    retaliation_spread=0.5,
    show_of_force_share=0.8,
    threat_share=0.5,
    defiance_share=0.8,
    claim_share=0.05,
    denial_share=0.5,
    statement_days=0.5,
    news_days=0.2,
    launchers=20.0,
    rounds=500.0,
)

HOST_GOVERNMENT: Final = HostGovernmentParams(
    tolerance=0.1,
    resolve=0.8,
    ability=0.7,
    investigation_rate=0.05,
    intelligence_gain=1.0,
    trace_gain=0.3,
    intelligence_memory=60.0,
    intelligence_needed=2.0,
    raid_rate=0.1,
    impatience_effect=0.1,
    pressure_effect=0.2,
    fear_effect=0.2,
    will_memory=60.0,
    breach_tolerance=0.5,
    killing_weight=3.0,
    planning_days=5.0,
    planning_spread=0.5,
    arrests_mean=14.0,
    seizure_share=0.2,
    interdiction_share=0.5,
    detection_share=0.2,
    reaction_days=0.2,
    custody_days=10.0,
    custody_spread=0.5,
    release_share=0.8,
    yield_share=0.7,
    yield_days=3.0,
    statement_days=0.5,
    news_days=0.1,
    evidence=0.5,
)

SPONSOR: Final = SponsorParams(
    directive_rate=0.07,
    press_bias=0.0,
    press_reciprocity=1.0,
    caution=0.5,
    loss_memory=30.0,
    alarm_memory=30.0,
    authority=0.9,
    resupply_rate=0.03,
    resupply_launchers=3.0,
    resupply_rounds=30.0,
    decision_days=2.0,
    news_days=0.2,
)

FOREIGN_POWER: Final = ForeignPowerParams(
    tolerance=0.8,
    planning_days=1.2,
    planning_spread=0.4,
    decision_days=0.5,
    proportionality=1.0,
    strike_killed=15.0,
    strike_killed_host=2.0,
    strike_killed_civilian=0.3,
    strike_wounded=30.0,
    strike_launchers=0.2,
    demand_rate=0.1,
    demand_reciprocity=0.3,
    provocation_memory=30.0,
    news_days=0.05,
    evidence=0.6,
)
