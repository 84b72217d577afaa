"""Escalade: a discrete-event simulator of escalation between armed groups and states.

=========== =====================================================================
a scenario  `list_scenarios`, `load`, `check`: what ships, a file, what it rests on
a run       `run` many times; `replay` one history, `explain` why, `branch` its
            futures; `report` and `brief` to send on, `rerun` to make it again
policies    `compare` in coupled worlds; `rivals`: does it hold under each theory
what counts `sweep`, `sensitivity`, `discover` over numbers; `ablate`, `null_of`
            over mechanisms
the record  `import_events`, `calibrate`, `forecast`, `score`
=========== =====================================================================

They are the verbs of the command, with its options as arguments: ``-`` is ``_``, and
``--set`` is `changes`, ``--from`` `free_from`, ``--map`` `map_file`. Each answers with
an object that prints as a line, shows in a notebook, and gives tables (pandas) and
figures (Matplotlib). ``help(sim.run)`` says what a verb takes:

>>> import sim
>>> sim.run("iraq_2019_2020", replications=20, until=60)
<Run: iraq_2019_2020 (provisional), 20 replications, root_seed 1, 60 days>
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The rooms, each of which imports only those to its left:
#
#   errors <- units, ladder, digits, files, draws <- docstrings, lock, memo <- rules
#   <- reading <- sources <- scenario <- digest <- engine
#   <- analytic, outcomes, statistics <- record, importing <- experiment
#   <- ensemble <- explanation <- comparison, sweeps, calibration <- ledger <- forecasts
#   <- pictures <- reports <- verbs <- explorer <- cli

_HOMES = {
    "Scenario": "sim.scenario.scenario",
    "SimError": "sim.errors",
    "__version__": "importlib.metadata",
    "ablate": "sim.verbs.studies.ablate",
    "branch": "sim.verbs.replications.branch",
    "brief": "sim.verbs.replications.brief",
    "calibrate": "sim.verbs.evidence.calibrate",
    "check": "sim.verbs.files.check",
    "compare": "sim.verbs.studies.compare",
    "discover": "sim.verbs.studies.sensitivity",
    "explain": "sim.verbs.replications.explain",
    "forecast": "sim.verbs.evidence.forecast",
    "import_events": "sim.verbs.files.import_events",
    "list_scenarios": "sim.verbs.files.catalogue",
    "load": "sim.verbs.files.load",
    "null_of": "sim.verbs.files.null_of",
    "replay": "sim.verbs.replications.replay",
    "report": "sim.verbs.replications.report",
    "rerun": "sim.verbs.replications.rerun",
    "rivals": "sim.verbs.evidence.rivals",
    "run": "sim.verbs.replications.run",
    "score": "sim.verbs.evidence.score",
    "sensitivity": "sim.verbs.studies.sensitivity",
    "sweep": "sim.verbs.studies.sweep",
}
"""Where each public name lives; their types are in `__init__.pyi`."""

__all__ = list(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]

_LOADED: dict[str, Any] = {}


def __getattr__(name: str) -> Any:
    """Load a public name's room when it is first asked for."""
    if name in _LOADED:
        return _LOADED[name]
    if name not in __all__:
        from sim.errors import nearest

        near = nearest(name, __all__)
        message = f"module 'sim' has no attribute {name!r}{near}"
        raise AttributeError(message)
    if name == "__version__":
        from importlib.metadata import version

        return version("escalade")
    public = getattr(import_module(_HOMES[name]), name)
    if not isinstance(public, type):
        from sim.verbs.door import through_door

        public = through_door(name, public)
    _LOADED[name] = public
    return public


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
