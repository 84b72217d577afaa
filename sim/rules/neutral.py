"""At which values a kind's mechanisms do nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules.behaviour import parameter_table
from sim.rules.means import DEFENCE, MEANS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.rules.behaviour import Kind


def neutral_values(kind: Kind) -> dict[str, Mapping[str, float]]:
    """Return how each mechanism of a kind is switched off.

    Returns
    -------
    dict of str to mapping of str to float
        `Mechanism.off` by mechanism, in the kind's order.

    Raises
    ------
    ValueError
        If a mechanism names what is no number of the kind or the means, or another's,
        or a value outside the parameter's range.
    """
    table = parameter_table(kind) | {"defences": DEFENCE}
    table |= {f"means.{name}": row for name, row in MEANS.items()}
    owners: dict[str, str] = {}
    for mechanism in kind.mechanisms:
        for name, value in mechanism.off.items():
            where = f"{kind.name}.{mechanism.name}"
            if name not in table:
                message = f"{where} is switched off by {name!r}, which is no parameter"
                raise ValueError(message)
            if owners.setdefault(name, where) != where:
                message = f"{where}: {name!r} switches {owners[name]} off already"
                raise ValueError(message)
            if not table[name].low <= value <= table[name].high:
                message = f"{where}: {name} = {value} is outside the parameter's range"
                raise ValueError(message)
    return {mechanism.name: mechanism.off for mechanism in kind.mechanisms}
