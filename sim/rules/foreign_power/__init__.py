"""A foreign power: its people are attacked on another's soil, and it has a red line.

A death among its people crosses the line; then it plans a strike on whom it holds
responsible, which may be the wrong militia. Short of that it presses the host
government to act. Restraint, proportion and pressure are its levers.
"""

from sim.rules.foreign_power.state import (
    ForeignPowerMemory,
    ForeignPowerParams,
    ForeignPowerView,
)
from sim.rules.foreign_power.table import KIND

__all__ = ["KIND", "ForeignPowerMemory", "ForeignPowerParams", "ForeignPowerView"]
