"""Kinds and outcomes from elsewhere: of installed packages, or a module that is named.

A package offers kinds by entry points of the group `escalade.kinds`, each of which is a
`Kind`; a module by its `KIND`, or by several in `KINDS`, and outcomes by `OUTCOMES`,
functions of a `sim.outcomes.View` by name. No scenario file can name
either: nothing foreign is imported but at the word of whoever gives the command.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final

from sim.errors import StudyError
from sim.rules.behaviour import Kind
from sim.rules.registry import KINDS

GROUP: Final = "escalade.kinds"


def known_kinds(
    plugins: Iterable[str] = (), *, installed: bool = False, or_outcomes: bool = False
) -> Mapping[str, Kind]:
    """Return the kinds that a file may use, by name.

    Parameters
    ----------
    plugins
        Names of modules to import, as in ``my_package.pirates``; a module may lie in
        the current folder.
    installed
        Whether to load what installed packages offer, too.
    or_outcomes
        Whether a module may offer outcomes in place of kinds (`own_outcomes`).

    Raises
    ------
    StudyError
        If a module cannot be imported or offers no kind, or two kinds share a name.
    """
    kinds = dict(KINDS)
    if installed:
        for point in entry_points(group=GROUP):
            _add(kinds, _loaded(point.load, point.value), point.value)
    for name in plugins:
        module = _module(name)
        offered = getattr(module, "KINDS", getattr(module, "KIND", None))
        if offered is not None or not (or_outcomes and hasattr(module, "OUTCOMES")):
            _add(kinds, offered, name)
    return kinds


def own_outcomes(plugins: Iterable[str] = ()) -> dict[str, Callable[[Any], float]]:
    """Return the outcomes that modules offer, by name.

    Raises
    ------
    StudyError
        If a module cannot be imported, or its `OUTCOMES` are no functions by name.
    """
    own: dict[str, Callable[[Any], float]] = {}
    for name in plugins:
        offered: Any = getattr(_module(name), "OUTCOMES", {})
        if not isinstance(offered, Mapping):
            message = f"plugin {name}: OUTCOMES must be functions by name"
            raise StudyError(message)
        own |= offered
    return own


def _module(name: str) -> Any:
    return _loaded(lambda: _imported(name), name)


def _imported(name: str) -> Any:
    """Import a module, also from the current folder."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    return importlib.import_module(name)


def _loaded(load: Any, name: str) -> Any:
    """Load foreign code; whatever it raises becomes one refusal that names it."""
    try:
        return load()
    except Exception as error:
        description = " ".join(f"{type(error).__name__}: {error}".split())
        message = f"plugin {name}: it cannot be imported ({description})"
        raise StudyError(message) from error


def _add(known: dict[str, Kind], offered: Any, name: str) -> None:
    """Add the kinds that a plugin offers; each name stands for one kind."""
    kinds: list[Any] = []
    if isinstance(offered, Kind):
        kinds = [offered]
    elif isinstance(offered, Mapping):
        kinds = [*offered.values()]  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(offered, tuple | list):
        kinds = [*offered]  # pyright: ignore[reportUnknownArgumentType]
    if not kinds or not all(isinstance(kind, Kind) for kind in kinds):
        message = (
            f"plugin {name}: it offers no kind; KIND must be a "
            "sim.rules.behaviour.Kind, or KINDS several"
        )
        raise StudyError(message)
    for kind in kinds:
        if known.setdefault(kind.name, kind) is not kind:
            message = f"plugin {name}: there is a kind {kind.name!r} already; rename it"
            raise StudyError(message)
