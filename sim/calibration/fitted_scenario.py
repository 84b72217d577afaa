"""A scenario file with fitted numbers: a sibling of the one that was fitted.

Where that is a sibling itself, both have one base, and its changes are repeated. A
fitted number is calibrated: its range is the posterior's 90 % interval, its note has
prior and posterior, and its manifest names the posterior (`sim.scenario.calibrated`).
"""

from __future__ import annotations

import json
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.calibration.joint_point import RULE, medoid
from sim.calibration.table import LITTLE, parameter_table, prior_of
from sim.errors import StudyError
from sim.reading.slot import as_mapping, slots
from sim.reading.strict_yaml import Document, parse, read
from sim.reading.structure import name_fault
from sim.reading.written import written
from sim.rules.registry import KINDS
from sim.scenario.calibrated import SHORT, SUFFIX, manifest_name
from sim.scenario.form import DIFFERENCES, whole
from sim.scenario.load import load, shipped_scenarios
from sim.scenario.resolve import resolve
from sim.scenario.schema import SCHEMA_LINE, VERSION
from sim.sources import Basis, shipped_sources
from sim.statistics.weighted import kish
from sim.units import canonical_unit, parse_quantity, to_canonical

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.posterior import Posterior
    from sim.reading.slot import Slot
    from sim.reading.tree import Plain


SOURCE: Final = "record-derived"
"""Source of a fitted number: the statistics of the record that it was fitted to."""

_DIGITS: Final = 4
"""Digits of a fitted value: finer than its Monte Carlo error."""


class Fitted(NamedTuple):
    """A fitted scenario, to be written."""

    text: str
    """The scenario file."""
    manifest: str
    """The manifest that lies beside it, JSON."""


def fitted_scenario(posterior: Posterior, base: Path, file: Path) -> Fitted:
    """Return the scenario at the posterior's medoid, from the file that was fitted.

    Raises
    ------
    StudyError
        If the base file is not what was fitted, or the file's name is no id.
    ScenarioError
        If the base file is faulty, or does not lie beside the new one.
    """
    identity = file.stem
    if message := name_fault(identity):
        raise StudyError(message)
    scenario = load(base)
    posterior.require(scenario)
    if scenario.digest != posterior.metadata["scenario_digest"]:
        message = (
            f"the posterior was not fitted with {base} as it stands (digest "
            f"{posterior.metadata['scenario_digest'][:12]}, now "
            f"{scenario.digest[:12]}); "
            "fit again, or name the file that was fitted with --base"
        )
        raise StudyError(message)
    document = read(base)
    writer = _Writer(posterior, identity, document, medoid(posterior))
    head = f"{SCHEMA_LINE}\n{said_first(posterior, identity)}"
    text = head + written(writer.sibling())
    resolve(whole(parse(text, str(file))), KINDS, shipped_sources())
    manifest = json.dumps(writer.manifest(), indent=1, ensure_ascii=False) + "\n"
    return Fitted(text, manifest)


def write_fitted(
    posterior: Posterior, base: Path, file: Path, *, is_renewed: bool = False
) -> Path:
    """Write a fitted scenario and its manifest; return the manifest's file.

    Raises
    ------
    StudyError
        If the file is there already and is not to be renewed, is the base itself, or
        `fitted_scenario` refuses.
    """
    from sim.files import make_folder, write_text

    beside = file.with_name(f"{file.stem}{SUFFIX}")
    if file.resolve() == base.resolve():
        message = f"{file} is the scenario that was fitted; choose another id"
        raise StudyError(message)
    if file.exists() and not is_renewed:
        message = f"{file} is there already; choose another id, or say --renew"
        raise StudyError(message)
    is_shipped = base.resolve() in {
        one.resolve() for one in shipped_scenarios().values()
    }
    if file.resolve().parent != base.resolve().parent and not is_shipped:
        message = f"{file} names its base, so it lies beside {base}; write it there"
        raise StudyError(message)
    fitted = fitted_scenario(posterior, base, file)
    make_folder(file.parent)
    # The manifest first: a scenario is never there without it.
    write_text(beside, fitted.manifest)
    write_text(file, fitted.text)
    return beside


class _Writer:
    """Writes the fitted numbers, into the file and into the manifest."""

    def __init__(
        self, posterior: Posterior, identity: str, document: Document, row: int
    ) -> None:
        self.posterior, self.identity, self.row = posterior, identity, row
        self.top = as_mapping(document.data)
        self.whole = as_mapping(whole(document).data)
        self.slots = {slot.path: slot for slot in slots(self.whole, KINDS)}
        self.numbers: dict[str, dict[str, Any]] = {}

    def sibling(self) -> dict[str, Plain]:
        """Return the file's data."""
        table: Any = parameter_table(self.posterior)
        is_sibling = "based_on" in self.top
        changes = dict(as_mapping(self.top.get("changes")))
        for parameter, shrinkage in zip(
            self.posterior.parameters, table["shrinkage"].tolist(), strict=True
        ):
            for path in parameter["paths"]:
                slot = self.slots[path]
                changes[path] = self._number(slot, parameter, float(shrinkage))
        title, note = head_of(self.posterior, self.whole)
        base = self.top["based_on"] if is_sibling else self.top["id"]
        return {
            "schema": VERSION,
            "id": self.identity,
            "based_on": base,
            "title": title,
            "status": "draft" if self.top.get("status") == "draft" else "provisional",
            **(
                {
                    key: value
                    for key, value in self.top.items()
                    if key not in (*DIFFERENCES, "schema", "id", "title", "status")
                }
                if is_sibling
                else {}
            ),
            "note": note,
            **{
                key: self.top[key]
                for key in ("absent", "cancels", "developments")
                if is_sibling and key in self.top
            },
            "changes": changes,
        }

    def _number(
        self, slot: Slot, entry: dict[str, Any], shrinkage: float
    ) -> dict[str, Plain]:
        name, prior = entry["name"], prior_of(entry)
        unit = _unit_of(slot)
        each = to_canonical(1.0, unit, slot.parameter.dimension)
        value = _rounded(float(self.posterior.values[name][self.row]) / each, _DIGITS)
        shares = (0.05, 0.5, 0.95)
        low, median, high = (x / each for x in self.posterior.quantiles(name, shares))
        ends = [min(_rounded(low, 3), value), max(_rounded(high, 3), value)]
        before = [prior.quantile(share) / each for share in shares]
        shown = "" if unit in ("1", "count") else f" {unit}"
        note = (
            f"Fitted: {entry['label']}. Prior median {before[1]:.3g} "
            f"({before[0]:.3g} to {before[2]:.3g}), posterior median {median:.3g} "
            f"({low:.3g} to {high:.3g}){shown}, 5 to 95 %; shrinkage {shrinkage:.2f}."
        )
        if shrinkage < LITTLE:
            note += " The record says little of it."
        if len(entry["paths"]) > 1:
            note += f" The same for {len(entry['paths'])} numbers."
        note += f" Before the fit: {_before(slot)}."
        self.numbers[slot.path] = {
            "parameter": name,
            "value": to_canonical(value, unit, slot.parameter.dimension) + 0.0,
            "unit": canonical_unit(slot.parameter.dimension),
            "range": [to_canonical(x, unit, slot.parameter.dimension) for x in ends],
        }
        return {
            "value": value,
            **({} if unit == "1" else {"unit": unit}),
            "basis": str(Basis.CALIBRATED),
            "source": SOURCE,
            "range": [*ends],
            "note": note,
            "manifest": manifest_name(self.identity, self.posterior.digest),
        }

    def manifest(self) -> dict[str, Any]:
        """Return what the numbers were fitted with, and the numbers."""
        fit = self.posterior.metadata
        return {
            "schema": 1,
            "scenario": self.identity,
            "posterior_digest": self.posterior.digest,
            "experiment": fit["experiment"],
            "base": fit["scenario"],
            "base_digest": fit["scenario_digest"],
            "root_seed": fit["root_seed"],
            "until_days": fit["until_days"],
            "adjustment": fit["adjustment"],
            "generations": len(fit["generations"]),
            "particles": len(self.posterior.weights),
            "effective_size": round(kish(self.posterior.weights), 1),
            "targets": {one["name"]: one["value"] for one in fit["targets"]},
            "point": {"rule": RULE, "particle": self.row},
            "numbers": self.numbers,
        }


def _unit_of(slot: Slot) -> str:
    """Return the unit in which the file writes a number."""
    if isinstance(slot.raw, dict):
        return str(slot.raw.get("unit", "1"))
    if isinstance(slot.raw, str):
        return parse_quantity(slot.raw)[1]
    return "1" if slot.raw is not None else canonical_unit(slot.parameter.dimension)


def _before(slot: Slot) -> str:
    """Say what the base file has."""
    if isinstance(slot.raw, dict):
        unit = slot.raw.get("unit", "1")
        amount = f"{slot.raw['value']}{'' if unit == '1' else f' {unit}'}"
        return f"{amount}, {slot.raw.get('basis', 'assumed')}"
    return "the default of its kind" if slot.raw is None else f"{slot.raw}, assumed"


def _rounded(value: float, digits: int) -> float:
    """Return a number to so many digits.

    >>> _rounded(0.0123456, 3)
    0.0123
    """
    return float(f"{value:.{digits}g}")


_WIDTH: Final = 88
_LONGEST: Final = 170
"""Letters of a title that leave room for what is added."""


def said_first(posterior: Posterior, identity: str) -> str:
    """Return the comment that the file begins with."""
    fit = posterior.metadata
    words = (
        f"{identity} is {fit['scenario']} with {len(posterior.paths)} numbers fitted "
        f"to its record by {fit['experiment']}, posterior {posterior.digest[:SHORT]}; "
        f"{identity}{SUFFIX} has them again. Written by escalade new scenario "
        f"{identity} --posterior; do not edit it but write it anew."
    )
    lines = wrap(words, _WIDTH, initial_indent="# ", subsequent_indent="# ")
    return "".join(f"{line}\n" for line in lines)


def head_of(posterior: Posterior, base: dict[str, Plain]) -> tuple[str, str]:
    """Return the title and the note of a fitted scenario."""
    fit = posterior.metadata
    title = f"{str(base['title'])[:_LONGEST]}, fitted to its record"
    note = (
        f"{fit['scenario']} with {len(posterior.parameters)} parameters "
        f"({len(posterior.paths)} numbers, basis calibrated) fitted to "
        f"{len(fit['targets'])} statistics of its record: "
        f"{', '.join(one['name'] for one in fit['targets'])}. These statistics are no "
        "test of it. The values are one plausible joint point of the posterior "
        f"{posterior.digest[:SHORT]}, the {RULE}; they are not the numbers' own "
        "medians, and other points are as plausible. What is not known of them is in "
        "the posterior: escalade compare --posterior carries it into an answer. A "
        "number's range is the posterior's 5 to 95 %, and no prior: a new fit needs "
        "priors of its own."
    )
    if before := str(base.get("note", "")):
        note += f" Of the other numbers {fit['scenario']} says: {before}"
    return title, note
