"""Calibrated numbers and the manifest that vouches for them.

Beside a scenario with fitted numbers lies a JSON file, its calibration's manifest: it
names the posterior by digest and repeats each fitted number. A number says which file
that is and which posterior: ``manifest: <file>#<first digits of the digest>``. So a
number that was changed by hand, or is left over from an earlier fit, is found out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from math import isclose
from pathlib import Path
from typing import Any, Final

from sim.errors import StudyError
from sim.files import data_folder
from sim.reading.faults import FaultList
from sim.reading.json_text import Form, json_object
from sim.reading.slot import Slot, as_mapping, slots
from sim.reading.strict_yaml import MOST_BYTES, Document
from sim.rules.behaviour import Kind
from sim.rules.registry import KINDS
from sim.scenario.scenario import Scenario
from sim.sources import Basis
from sim.units import to_canonical

SUFFIX: Final = ".calibration.json"
"""How the manifest's name ends; before it stands the scenario's id."""

SHORT: Final = 16
"""Digits of the posterior's digest that a number carries."""

NAME: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,100}}{re.escape(SUFFIX)}")
"""Names of manifests: no path, and nothing that a file system refuses."""


def manifest_name(scenario: str, digest: str) -> str:
    """Return what a fitted number carries as its manifest.

    >>> manifest_name("iraq_x", "0123456789abcdef0123")
    'iraq_x.calibration.json#0123456789abcdef'
    """
    return f"{scenario}{SUFFIX}#{digest[:SHORT]}"


def calibrated_paths(scenario: Scenario) -> tuple[str, ...]:
    """Return the paths of a scenario's numbers that were fitted, in file order."""
    fitted = Basis.CALIBRATED.value
    return tuple(cited.path for cited in scenario.cited if cited.basis == fitted)


def check_calibrated(document: Document, kinds: Mapping[str, Kind] = KINDS) -> None:
    """Refuse a file whose calibrated numbers are not those of their manifest.

    Parameters
    ----------
    document
        A legal scenario file. The manifest is looked for beside it, then among the
        scenarios that ship.
    kinds
        Kinds of actor by the name that the file uses.

    Raises
    ------
    ScenarioError
        With each number whose manifest is missing, unreadable or of another posterior,
        or says another number.
    """
    faults = FaultList(document)
    known: dict[str, dict[str, Any] | str] = {}
    for slot in slots(document.data, kinds):
        raw = as_mapping(slot.raw)
        if raw.get("basis") != Basis.CALIBRATED:
            continue
        file, _, digest = str(raw.get("manifest", "")).partition("#")
        if file not in known:
            known[file] = _read(file, Path(document.path).parent)
        manifest = known[file]
        messages = (
            [manifest] if isinstance(manifest, str) else _faults(slot, manifest, digest)
        )
        for message in messages:
            faults.add((*slot.keys, "manifest"), message)
    faults.stop_if_any()


def _faults(slot: Slot, manifest: dict[str, Any], digest: str) -> Iterator[str]:
    """Say how a number differs from its manifest."""
    there = str(manifest["posterior_digest"])
    if len(digest) < SHORT or not there.startswith(digest):
        named = digest or "no posterior"
        yield (
            f"names {named}, and the manifest is of posterior {there[:SHORT]}; the "
            "number is of another fit"
        )
        return
    fitted = as_mapping(manifest["numbers"].get(slot.path)).get("value")
    if isinstance(fitted, bool) or not isinstance(fitted, int | float):
        yield "the manifest does not have this number; it was not fitted"
        return
    raw = as_mapping(slot.raw)
    unit = str(raw.get("unit", "1"))
    value = to_canonical(float(str(raw["value"])), unit, slot.parameter.dimension)
    if not isclose(value, fitted, rel_tol=1e-9, abs_tol=1e-12):
        yield (
            f"the fitted number is {fitted:.12g}, and here it is {value:.12g}; a "
            "number that was changed is assumed, not calibrated"
        )


def _read(file: str, folder: Path) -> dict[str, Any] | str:
    """Return a manifest, or what is wrong with it."""
    if not NAME.fullmatch(file):
        return (
            f"{file[:60]!r} is no name of a manifest, such as iraq_x{SUFFIX}: it lies "
            "beside the scenario, or ships"
        )
    places = [folder / file]
    with suppress(FileNotFoundError):
        places.append(data_folder("scenarios") / file)
    stored = next((place for place in places if place.is_file()), None)
    if stored is None:
        return (
            f"there is no {file} beside the scenario: without what it "
            "was fitted with, a number is not calibrated"
        )
    try:
        with stored.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            return f"{file} is larger than {MOST_BYTES:,} bytes"
        return json_object(content, file, _Manifest)
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    except StudyError as error:
        return str(error)


class _Fitted(Form):
    """A fitted number."""

    value: float | None = None


class _Manifest(Form):
    """What is read of a calibration's manifest."""

    posterior_digest: str
    numbers: dict[str, _Fitted]
