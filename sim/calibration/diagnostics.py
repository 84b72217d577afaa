"""A fit for ArviZ: prior, posterior, predictive draws and record, and diagnostics.

ArviZ knows chains of equally likely draws; a posterior here is weighted particles. So
particles are resampled by their weights: draw k is the one that every other study has
as draw k of this posterior, and row k of the predictive draws was simulated with it.

Resampled draws repeat particles, and look surer than they are: what ArviZ would give as
their effective size is about the number of draws, whatever the particles are worth. So
intervals and densities are ArviZ's, and errors come from the weights
(`sim.statistics.weighted`).
"""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.special import ndtr

from sim.calibration.table import as_written, markdown, prior_of
from sim.files import write_bytes, write_text
from sim.record.targets import targets_for
from sim.statistics import abc
from sim.statistics.weighted import effective_size, kish, mean_error, quantile_error

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.calibrate import Calibration
    from sim.experiment.posterior import Posterior

Floats = np.ndarray[Any, np.dtype[np.float64]]

HDI_DRAWS: Final = 4000
"""Draws from which a highest-density interval is read."""

FILE: Final = "posterior.nc"
SHARES: Final = (0.05, 0.5, 0.95)
HISTORY: Final = "history"
"""The one dimension of what is observed: history happened once."""


def arviz() -> Any:
    """Return the module ArviZ, without the warning that it gives once a day."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        import arviz as az
    return az


def is_log(parameter: dict[str, Any]) -> bool:
    """Return whether a parameter's prior is one of its logarithm."""
    return parameter["prior"]["shape"] in ("log_uniform", "lognormal")


def resampled(posterior: Posterior, n_draws: int) -> dict[str, Floats]:
    """Return the first parameter draws of a posterior by parameter, shape (draws,)."""
    rows = [posterior.number(draw) for draw in range(n_draws)]
    return {name: values[rows] for name, values in posterior.values.items()}


def prior_draws(posterior: Posterior, n_draws: int) -> dict[str, Floats]:
    """Return the draws of the prior that were simulated, shape (draws,).

    They are those of the rows of ``prior_predictive.parquet``, in order.
    """
    fitted = posterior.parameters
    seed = posterior.metadata["root_seed"]
    places = ndtr(abc.prior_scores(len(fitted), seed, n_draws))
    draws: dict[str, Floats] = {}
    for k, one in enumerate(fitted):
        values = prior_of(one).quantiles(places[:, k])
        draws[one["name"]] = np.round(values) if one["is_whole"] else values
    return draws


def predictive(calibration: Calibration) -> dict[str, pd.DataFrame]:
    """Return the predictive draws of a fit, by ``prior`` and ``posterior``."""
    import pandas as pd

    names = {"prior": "prior_predictive", "posterior": "predictive"}
    return {
        key: pd.read_parquet(calibration.path / f"{name}.parquet")
        for key, name in names.items()
    }


def inference_data(calibration: Calibration) -> Any:
    """Return a finished fit as ArviZ has it.

    Returns
    -------
    arviz.InferenceData
        Groups ``prior`` and ``posterior`` (one variable a parameter, canonical unit),
        ``prior_predictive``, ``posterior_predictive`` and ``observed_data`` (one
        variable a target, with the one dimension ``history``). Each has one chain; row
        k of a predictive group was simulated with row k of its parameters. Undefined
        statistics are nan.
    """
    scenario, until = calibration.experiment.scenario, calibration.experiment.until
    frames, posterior = predictive(calibration), calibration.posterior
    targets = targets_for(scenario, until)
    n_prior, n_draws = len(frames["prior"]), len(frames["posterior"])

    def statistics_of(frame: pd.DataFrame) -> dict[str, Floats]:
        return {
            t.name: frame[t.outcome].to_numpy(np.float64)[None, :, None]
            for t in targets
        }

    def chained(values: dict[str, Floats]) -> dict[str, Floats]:
        return {name: column[None, :] for name, column in values.items()}

    data = arviz().from_dict(
        prior=chained(prior_draws(posterior, n_prior)),
        posterior=chained(resampled(posterior, n_draws)),
        prior_predictive=statistics_of(frames["prior"]),
        posterior_predictive=statistics_of(frames["posterior"]),
        observed_data={t.name: np.array([t.value]) for t in targets},
        dims={t.name: [HISTORY] for t in targets},
        coords={HISTORY: [scenario.name]},
    )
    return _described(data, calibration, {t.name: t.unit for t in targets})


def _described(data: Any, calibration: Calibration, units: dict[str, str]) -> Any:
    """Say what the variables are; drop the time of making, for equal bytes."""
    by_name = {one["name"]: one for one in calibration.posterior.parameters}
    fitted = {target.name for target in calibration.targets}
    for group in data.groups():
        data[group].attrs = {"posterior_digest": calibration.posterior.digest}
        for name, variable in data[group].data_vars.items():
            if name in by_name:
                variable.attrs = {
                    "label": by_name[name]["label"],
                    "unit": by_name[name]["unit"],
                }
            else:
                role = "fitted" if name in fitted else "only checked"
                variable.attrs = {"unit": units[name], "role": role}
    data.attrs = {
        "experiment": calibration.experiment.name,
        "scenario": calibration.experiment.scenario.name,
        "root_seed": calibration.experiment.root_seed,
        "note": (
            "draws resampled from particles worth "
            f"{kish(calibration.posterior.weights):.0f} independent ones"
        ),
    }
    return data


def diagnostics_table(posterior: Posterior) -> pd.DataFrame:
    """Return one row a parameter: what is read off the particles, and its error.

    Columns: ``mean`` and the percentiles ``p5``, ``p50`` and ``p95``, each with its
    Monte Carlo standard error; the 90 % highest-density interval (of the logarithm,
    where the prior is one of it); the effective size of the mean.
    """
    import pandas as pd

    az, weights = arviz(), posterior.weights
    draws = resampled(posterior, HDI_DRAWS)
    rows: list[dict[str, Any]] = []
    for parameter in posterior.parameters:
        name = parameter["name"]
        values = posterior.values[name]
        row: dict[str, Any] = {
            "parameter": parameter["label"],
            "unit": parameter["unit"],
        }
        row |= {
            "mean": float(weights @ values),
            "mean_error": mean_error(values, weights),
        }
        for share, at in zip(SHARES, posterior.quantiles(name, SHARES), strict=True):
            key = f"p{100 * share:.0f}"
            row |= {key: at, f"{key}_error": quantile_error(values, weights, share)}
        scale = np.log(draws[name]) if is_log(parameter) else draws[name]
        ends = az.hdi(scale, hdi_prob=0.9)
        ends = np.exp(ends) if is_log(parameter) else ends
        row |= {"hdi_low": float(ends[0]), "hdi_high": float(ends[1])}
        row["effective_size"] = round(effective_size(values, weights), 1)
        rows.append(row)
    return pd.DataFrame(rows)


def roughness(posterior: Posterior, table: pd.DataFrame) -> str:
    """Say what the particles are worth, and which end of an interval is known worst."""
    worth = (
        f"The {len(posterior.weights):,} particles are worth "
        f"{kish(posterior.weights):.0f} independent ones."
    )
    rows: list[dict[str, Any]] = table.to_dict("records")
    ends = [
        (row[f"{key}_error"] / (row["p95"] - row["p5"]), which, row, key)
        for row in rows
        for key, which in (("p5", "lower"), ("p95", "upper"))
        if row["p95"] > row["p5"]
    ]
    if not ends:
        return f"{worth} No interval has a width."
    share, which, row, key = max(ends, key=lambda end: float(end[0]))
    return (
        f"{worth} The roughest end of an interval is the {which} one of "
        f"{row['parameter']}: "
        f"{row[key]:.3g} with a Monte Carlo error of {row[f'{key}_error']:.2g}, "
        f"{100.0 * share:.0f} % of the interval."
    )


def write_diagnostics(calibration: Calibration) -> pd.DataFrame:
    """Write the diagnostics and ``posterior.nc`` beside a posterior; return them."""
    table = diagnostics_table(as_written(calibration))
    write_text(calibration.path / "diagnostics.csv", table.to_csv(index=False))
    write_text(calibration.path / "diagnostics.md", markdown(table))
    with TemporaryDirectory() as folder:
        # ArviZ writes by name only, group by group: what is half written stays here.
        file = Path(folder) / FILE
        inference_data(calibration).to_netcdf(str(file))
        content = file.read_bytes()
    write_bytes(calibration.path / FILE, content)
    return table
