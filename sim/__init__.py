"""Escalade: a discrete-event simulator of escalation between armed groups and states.

The rooms, each of which imports only those to its left::

    errors <- units, ladder, digits, files, draws <- docstrings, lock, memo <- rules
    <- reading <- sources <- scenario <- digest <- engine
    <- analytic, outcomes, statistics <- record, importing <- experiment
    <- ensemble <- explanation <- comparison, sweeps, calibration <- ledger <- forecasts
    <- pictures <- reports <- explorer <- cli

The public verbs, for Python and notebooks; each loads its room when it is first used:

>>> import sim
>>> sorted(sim.__all__)  # doctest: +NORMALIZE_WHITESPACE
['Scenario', '__version__', 'ablate', 'branch', 'but_for', 'but_for_all', 'explain',
 'import_events', 'load', 'null_of', 'outcomes_of', 'read_posterior', 'record_frame',
 'run_draws', 'run_ensemble', 'run_replication']

``load`` reads a scenario file, ``run_replication`` gives the log of one replication,
``outcomes_of`` its numbers and ``record_frame`` its records as a table;
``run_ensemble`` runs many, and ``run_draws`` many under draws of a posterior that
``read_posterior`` reads, to tell what an answer owes to what is not known. ``ablate``
switches each mechanism off and tells what that moves; ``null_of`` has all of them off.
``explain`` says why an incident of a replication happened, ``but_for`` what would be
without one, ``but_for_all`` what a run would be without a cause, and ``branch`` gives a
replication many futures. ``import_events`` reads event data that others coded into the
columns of a record.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# pyright: reportUnsupportedDunderAll=false
# The names are found by `__getattr__`; their types are in `__init__.pyi`.
__all__ = [
    "Scenario",
    "__version__",
    "ablate",
    "branch",
    "but_for",
    "but_for_all",
    "explain",
    "import_events",
    "load",
    "null_of",
    "outcomes_of",
    "read_posterior",
    "record_frame",
    "run_draws",
    "run_ensemble",
    "run_replication",
]

_HOMES = {
    "Scenario": "sim.scenario.scenario",
    "ablate": "sim.ledger.ablation",
    "branch": "sim.explanation.branch",
    "but_for": "sim.explanation.difference",
    "but_for_all": "sim.explanation.necessity",
    "explain": "sim.explanation.explain",
    "import_events": "sim.importing.reader",
    "load": "sim.scenario.load",
    "null_of": "sim.ledger.switches",
    "outcomes_of": "sim.outcomes",
    "read_posterior": "sim.experiment.posterior",
    "record_frame": "sim.ensemble.frames",
    "run_draws": "sim.ensemble.ensemble",
    "run_ensemble": "sim.ensemble.ensemble",
    "run_replication": "sim.engine.run",
}


def __getattr__(name: str) -> Any:
    """Load a public name's room when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("escalade")
    home = _HOMES.get(name)
    if home is None:
        message = f"module 'sim' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
