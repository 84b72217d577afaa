"""Calibration of a scenario: the same bytes however it was run, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest

from sim.calibration import calibrate as module
from sim.calibration.calibrate import run_calibration
from sim.calibration.table import results_sections, write_tables
from sim.engine.cast import Cast
from sim.engine.choice import driver_for, has_numba
from sim.errors import ScenarioError, StudyError
from sim.experiment.experiment import Experiment
from sim.experiment.load import load_experiment
from sim.experiment.posterior import read_posterior, write_posterior
from sim.record.targets import fitted_targets, targets_for
from sim.scenario.load import load
from sim.scenario.renumber import with_numbers

ENGINE = "compiled" if has_numba() else "simpy"
KH = "actors.kataib_hezbollah"

FILE = """
schema: 1
id: small
question: Which rate and which salvo?
scenario: iraq_2019_2020
root_seed: 3
outcomes: [n_rocket_attacks]
calibrate:
  particles: 60
  generations: 2
  targets: [n_rocket_attacks, salvo_median]
factors:
  rate:
    label: calm rate
    path: actors.kataib_hezbollah.base_rate
    distribution: {shape: log_uniform, low: 0.01/day, high: 0.2/day, basis: assumed}
  usual_salvo:
    label: median salvo
    path: means.rocket.salvo_median
    distribution: {shape: uniform, low: 1, high: 12, basis: assumed}
"""


def small(folder: Path, text: str = FILE) -> Experiment:
    """Return a small calibration."""
    file = folder / "small.yaml"
    file.write_text(text, "utf-8")
    return load_experiment(file)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what a fit leaves, but for the times of its manifest."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name not in ("manifest.json", ".lock")
    }


@pytest.mark.slow
@pytest.mark.numba
def test_workers_and_breaks_cannot_be_seen(tmp_path: Path) -> None:
    """One worker, two, and a fit that was broken off and resumed: the same bytes."""
    experiment = small(tmp_path)
    for name, workers in (("one", 1), ("two", 2)):
        run_calibration(experiment, out=tmp_path / name, workers=workers, engine=ENGINE)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")

    class BrokenOffError(Exception):
        """Stands for a kill after the first generation."""

    def break_off(generation: int, kept: int, asked: int) -> None:
        if generation == 1:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        run_calibration(
            experiment, out=tmp_path / "broken", engine=ENGINE, progress=break_off
        )
    assert not (tmp_path / "broken" / "posterior.parquet").exists()
    again = run_calibration(experiment, out=tmp_path / "broken", engine=ENGINE)
    assert again.is_new
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "broken")
    tables = write_tables(again)
    assert len(tables.parameters) == 2
    roles = dict(zip(tables.targets["target"], tables.targets["role"], strict=True))
    assert roles["salvo_median"] == "fitted"
    assert roles["gap_cv"] == "only checked"
    (again.path / "diagnostics.md").write_text("| d |\n", "utf-8")
    sections = results_sections(again)
    assert sections.keys() == {
        "generations", "parameters", "diagnostics", "targets", "limits"
    }  # fmt: skip
    assert len(sections["generations"].splitlines()) == 2 + len(again.generations)
    assert sections["diagnostics"] == "| d |"
    told = read_posterior(tmp_path / "one")
    assert told.draw(5) == read_posterior(tmp_path / "two").draw(5)
    assert {told.number(k) for k in range(200)} != {told.number(0)}


def test_numbers_change_as_a_reload_would() -> None:
    """Changing numbers at once gives what reading the file with the changes gives."""
    base = load("iraq_2019_2020")
    values = {
        f"{KH}.base_rate": 0.125,
        f"{KH}.reach.green_zone": 3.5,
        "sites.taji.exposed_host": 0.25,
        "observations.rocket_attack.reported": 0.5,
    }
    changes = {path: value for path, value in values.items()}
    changes[f"{KH}.base_rate"] = "0.125/day"  # type: ignore[assignment]
    slow, quick = load("iraq_2019_2020", changes), with_numbers(base, values)
    assert quick.actors == slow.actors
    assert quick.sites == slow.sites
    assert quick.observations == slow.observations


@pytest.mark.slow
@pytest.mark.numba
def test_a_renewed_driver_is_as_a_new_one() -> None:
    """A driver that takes another cast gives what one made for it gives."""
    base = load("iraq_2019_2020")
    driver = driver_for(Cast(base), "compiled")
    for rate in (0.4, 0.02, 0.2):
        cast = Cast(with_numbers(base, {f"{KH}.base_rate": rate}))
        driver.renew(cast)  # type: ignore[attr-defined]
        fresh = driver_for(cast, "compiled").rows(1, 5).tobytes()
        assert driver.rows(1, 5).tobytes() == fresh


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{KH}.base_rat", "base_rate"),
        ("limits.exchange_window", "cannot be calibrated"),
    ],
)
def test_paths_that_are_no_parameters(path: str, told: str) -> None:
    """A wrong path is refused with the nearest right one, or the reason."""
    with pytest.raises(ScenarioError, match=told):
        with_numbers(load("iraq_2019_2020"), {path: 1.0})


def test_a_prior_may_not_rest_on_its_target(tmp_path: Path) -> None:
    """A range of the record is no prior for what is fitted to the record."""
    given = "distribution: {shape: uniform, low: 1, high: 12, basis: assumed}"
    text = FILE.replace(given, "range: [2, 4]")
    with pytest.raises(StudyError, match="may not rest on the data of salvo_median"):
        run_calibration(small(tmp_path, text), out=tmp_path / "run")


def test_a_prior_may_not_rest_on_a_target_that_names_many(tmp_path: Path) -> None:
    """The record's `reach.*` holds for each site: its range is no prior either."""
    text = FILE.replace("salvo_median]", "share_green_zone]")
    text += f"""
  green_zone:
    label: weight of the Green Zone
    path: {KH}.reach.green_zone
    range: [5, 20]
"""
    told = "green_zone may not rest on the data of share_green_zone"
    with pytest.raises(StudyError, match=told):
        run_calibration(small(tmp_path, text), out=tmp_path / "run")


def test_a_checked_target_cannot_be_fitted(tmp_path: Path) -> None:
    """What is only checked is left out of every fit."""
    text = FILE.replace("salvo_median]", "gap_cv]")
    with pytest.raises(StudyError, match="gap_cv is only to be checked"):
        run_calibration(small(tmp_path, text), out=tmp_path / "run")


def test_an_experiment_without_the_section_is_refused() -> None:
    """A sweep is no calibration, and the message says what to do."""
    with pytest.raises(StudyError, match="has no section 'calibrate'"):
        run_calibration(load_experiment("e01_red_line"))


def test_every_target_has_a_role() -> None:
    """The split is written down: fitted or checked, and nothing else."""
    targets = targets_for(load("iraq_2019_2020"))
    assert {target.role for target in targets} == {"fitted", "checked"}
    fitted = fitted_targets(targets)
    assert 8 <= len(fitted) <= len(targets) / 2


def test_wrong_posteriors_are_refused(tmp_path: Path) -> None:
    """No file, no Parquet, no posterior, weights that do not add up: each in words."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pytest.raises(StudyError, match="no such file"):
        read_posterior(tmp_path / "nothing.parquet")
    text = tmp_path / "text.parquet"
    text.write_text("a,b", "utf-8")
    with pytest.raises(StudyError, match="is no Parquet file"):
        read_posterior(text)
    other = tmp_path / "other.parquet"
    pq.write_table(pa.table({"a": [1.0]}), other)
    with pytest.raises(StudyError, match="is no posterior"):
        read_posterior(other)
    prior = {"shape": "uniform", "numbers": [0.0, 1.0]}
    told = {"name": "rate", "label": "rate", "unit": "1/day", "prior": prior}
    told |= {"paths": [f"{KH}.base_rate"], "is_whole": False}
    posterior = module.Posterior(
        {"rate": np.array([0.1, 0.2])}, np.array([0.5, 0.4]), np.zeros(2),
        np.zeros((2, 1)),
        {
            "experiment": "x", "scenario": "iraq_2019_2020", "scenario_digest": "old",
            "root_seed": 1, "until_days": 9.0, "adjustment": "none",
            "parameters": [told],
        },
    )  # fmt: skip
    write_posterior(tmp_path / "light.parquet", posterior)
    with pytest.raises(StudyError, match=r"add up to 0\.9"):
        read_posterior(tmp_path / "light.parquet")
    assert "is not just what" in posterior.require(load("iraq_2019_2020"))
    with pytest.raises(StudyError, match="does not have"):
        posterior.require(load("lebanon_withdrawal_1999_2000"))
