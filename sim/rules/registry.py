"""The kinds of actor that ship: a new kind is one folder and one line here."""

from __future__ import annotations

from typing import Final

from sim.rules import foreign_power, host_government, militia, sponsor
from sim.rules.behaviour import Kind

KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (militia.KIND, host_government.KIND, sponsor.KIND, foreign_power.KIND)
}
"""Kinds by the name that a scenario file uses."""
