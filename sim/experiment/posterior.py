"""A posterior: what a calibration leaves to be believed of the parameters, as a file.

The file is Parquet: one row a particle with its ``weight`` and ``distance``, one column
a parameter in canonical unit, and beside them the normal scores before any adjustment.
What it was made with stands in its metadata. A draw is keyed by the posterior's digest
and its own number, so draw k is the same in every study that uses the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import Field

from sim.draws import ROOT, Draws, Purpose, child, name_word
from sim.errors import StudyError, nearest
from sim.reading.json_text import Form, json_object
from sim.scenario.renumber import left_out
from sim.statistics.weighted import weighted_quantile
from sim.units import as_in_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.experiment.factor import Factor
    from sim.scenario.edit import New
    from sim.scenario.scenario import Scenario

Floats = np.ndarray[Any, np.dtype[np.float64]]

KEY: Final = b"escalade.posterior"
SCHEMA: Final = 1
_RULE: Final = name_word("posterior draw")


@dataclass(frozen=True, eq=False)
class Posterior:
    """Weighted particles."""

    values: dict[str, Floats]
    """By parameter's name, canonical unit; shape (particles,)."""
    weights: Floats
    """They add up to 1; shape (particles,)."""
    distances: Floats
    scores: Floats
    """Normal scores as they were simulated, shape (particles, parameters)."""
    metadata: dict[str, Any]
    """``experiment``, ``scenario``, ``scenario_digest``, ``root_seed``, ``until_days``,
    ``parameters`` (each with ``name``, ``label``, ``paths``, ``unit``, ``is_whole`` and
    its ``prior``), ``targets``, ``generations``, ``adjustment``."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of values, weights and paths, hexadecimal."""
        total = sha256(
            dumps([[p["name"], p["paths"]] for p in self.parameters]).encode()
        )
        for column in (*self.values.values(), self.weights):
            total.update(np.ascontiguousarray(column, "<f8").tobytes())
        return total.hexdigest()

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """What is told of each parameter, in order."""
        return self.metadata["parameters"]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that a draw sets."""
        return tuple(path for p in self.parameters for path in p["paths"])

    def number(self, draw: int) -> int:
        """Return the particle of a draw, by the weights."""
        seed = int(self.digest[:16], 16)
        u = Draws(seed, draw).one(child(ROOT, _RULE, 0, 0), Purpose.CHOICE)
        at = int(np.searchsorted(np.cumsum(self.weights), u, side="right"))
        return min(at, len(self.weights) - 1)

    def point(self, draw: int) -> dict[str, float]:
        """Return draw k as numbers by path, canonical unit."""
        row = self.number(draw)
        return {
            path: float(self.values[p["name"]][row])
            for p in self.parameters
            for path in p["paths"]
        }

    def draw(self, draw: int) -> dict[str, New]:
        """Return draw k as new values by path, as a file would write them."""
        units = {path: p["unit"] for p in self.parameters for path in p["paths"]}
        return {
            path: as_in_file(value, units[path])
            for path, value in self.point(draw).items()
        }

    def quantiles(self, name: str, shares: Sequence[float]) -> list[float]:
        """Return weighted quantiles of a parameter, canonical unit."""
        values = self.values[name]
        return [weighted_quantile(values, self.weights, share) for share in shares]

    def require(self, scenario: Scenario) -> str:
        """Return what is to be said of using it for a scenario; empty if nothing.

        Raises
        ------
        StudyError
            If the scenario lacks a path that it sets.
        """
        known = {row.path for row in scenario.cited}
        for path in self.paths:
            if path not in known:
                message = (
                    f"the posterior of {self.metadata['scenario']} sets {path}, which "
                    f"{scenario.name} does not have{nearest(path, known)}"
                )
                raise StudyError(message)
        said = [text for text in (self.left_out(scenario),) if text]
        if scenario.name != self.metadata["scenario"]:
            said.append(
                f"the posterior was fitted with {self.metadata['scenario']}, and is "
                f"used for {scenario.name}"
            )
        elif scenario.digest != self.metadata["scenario_digest"]:
            said.append(
                f"{scenario.name} is not just what the posterior was fitted with"
            )
        return "; ".join(said)

    def left_out(self, scenario: Scenario) -> str:
        """Say which of its paths a draw leaves out in a scenario; empty if none."""
        paths = [path for path in self.paths if left_out(scenario, path)]
        if not paths:
            return ""
        return (
            f"draws of the posterior leave out {', '.join(paths)}: what that sets "
            f"comes after {scenario.free_from}, when nobody could know of it"
        )


def fit_metadata(
    scenario: Scenario,
    factors: Iterable[Factor],
    *,
    experiment: str,
    root_seed: int,
    until: float,
    adjustment: str = "none",
) -> dict[str, Any]:
    """Return what a posterior's file tells of a fit, whatever its method."""
    return {
        "experiment": experiment,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "root_seed": root_seed,
        "until_days": until,
        "adjustment": adjustment,
        "parameters": [
            {
                "name": factor.name,
                "label": factor.label,
                "paths": list(factor.paths),
                "unit": factor.unit,
                "is_whole": factor.is_whole,
                "prior": prior_data(factor),
            }
            for factor in factors
        ],
    }


def prior_data(factor: Factor) -> dict[str, Any]:
    """Return a factor's prior as a posterior's file tells it."""
    prior = factor.distribution
    if prior is None:
        return {"shape": "uniform", "numbers": [factor.low, factor.high]}
    return {
        "shape": prior.shape,
        "numbers": list(prior.numbers),
        "limits": [prior.low, prior.high],
        "basis": prior.basis,
        "source": prior.source,
        "note": prior.note,
    }


def write_posterior(file: Path, posterior: Posterior) -> None:
    """Write a posterior whole, or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.files import write_whole

    columns: dict[str, Any] = {
        "particle": np.arange(len(posterior.weights)),
        "weight": posterior.weights,
        "distance": posterior.distances,
        **posterior.values,
    }
    for k, parameter in enumerate(posterior.parameters):
        columns[f"score_{parameter['name']}"] = posterior.scores[:, k]
    header = dumps({"schema": SCHEMA} | posterior.metadata, sort_keys=True)
    table = pa.table(columns).replace_schema_metadata({KEY: header.encode()})
    write_whole(file, lambda stream: pq.write_table(table, stream, compression="zstd"))


class _Prior(Form):
    """The prior of a parameter."""

    shape: str
    numbers: list[float] = Field(min_length=1)
    limits: list[float] = Field(
        default_factory=lambda: [0.0, 0.0], min_length=2, max_length=2
    )
    basis: str = ""


class _Parameter(Form):
    """A parameter that was fitted."""

    name: str
    label: str
    paths: list[str]
    unit: str
    is_whole: bool
    prior: _Prior


class _Target(Form):
    """A statistic that was fitted."""

    name: str
    value: float


class _Provenance(Form):
    """What a posterior was made with."""

    experiment: str
    scenario: str
    scenario_digest: str
    root_seed: int
    until_days: float
    adjustment: str
    parameters: list[_Parameter] = Field(min_length=1)
    targets: list[_Target] = Field(default_factory=list)
    generations: list[Any] = Field(default_factory=list)


def read_posterior(file: str | Path) -> Posterior:
    """Read a posterior from its file.

    Parameters
    ----------
    file
        The file; or the folder that holds it as ``posterior.parquet``, which a
        calibration leaves; or the id of a shipped experiment that was calibrated.

    Raises
    ------
    StudyError
        That says what is wrong with the file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = Path(file)
    if not path.exists() and not path.suffix:
        from sim.experiment.named import shipped_experiments

        shipped = shipped_experiments().get(str(file))
        path = path if shipped is None else shipped.parent
    path = path / "posterior.parquet" if path.is_dir() else path
    if not path.is_file():
        message = f"{path}: no such file; escalade calibrate writes posterior.parquet"
        raise StudyError(message)
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"{path} is no Parquet file: {str(error).splitlines()[0]}"
        raise StudyError(message) from error
    metadata = table.schema.metadata or {}
    if KEY not in metadata:
        message = f"{path} is no posterior of escalade calibrate: it does not say so"
        raise StudyError(message)
    named = f"{path}, metadata {KEY.decode()},"
    schema = json_object(metadata[KEY], named, Form).get("schema")
    if schema != SCHEMA:
        message = f"{path} has schema {schema!r}; known is {SCHEMA}"
        raise StudyError(message)
    provenance = json_object(metadata[KEY], named, _Provenance)
    parameters = provenance["parameters"]
    names = [p["name"] for p in parameters]
    wanted = ["weight", "distance", *names, *(f"score_{name}" for name in names)]
    missing = [name for name in wanted if name not in table.column_names]
    if missing:
        message = f"{path} lacks the column {missing[0]}"
        raise StudyError(message)
    columns = _columns(table, wanted, path)
    if (columns["weight"] < 0.0).any():
        message = f"{path}: a weight is below 0"
        raise StudyError(message)
    total = float(columns["weight"].sum())
    if not len(columns["weight"]) or abs(total - 1.0) > 1e-6:
        message = f"{path}: the weights add up to {total:.6g}, and must to 1"
        raise StudyError(message)
    return Posterior(
        {name: columns[name] for name in names},
        columns["weight"],
        columns["distance"],
        np.column_stack([columns[f"score_{name}"] for name in names]),
        provenance,
    )


def _columns(table: Any, wanted: Sequence[str], path: Path) -> dict[str, Floats]:
    """Return columns as finite numbers, shape (particles,), or say what is not."""
    columns: dict[str, Floats] = {}
    for name in wanted:
        if table.column_names.count(name) > 1:
            message = f"{path} has the column {name} twice"
            raise StudyError(message)
        try:
            columns[name] = table[name].to_numpy().astype(np.float64)
        except (TypeError, ValueError) as error:
            message = f"{path}: column {name} holds what is no number"
            raise StudyError(message) from error
        if not np.isfinite(columns[name]).all():
            message = f"{path}: column {name} holds what is no number"
            raise StudyError(message)
    return columns
