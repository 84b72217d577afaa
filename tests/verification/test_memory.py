"""However long a study is, its summary fits into the memory of a small machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sim.ensemble import archive, outcome_parts
from sim.ensemble.archive import RunDirectory, parts_of
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.frames import outcome_schema
from sim.ensemble.outcome_parts import OutcomeParts
from tests import builders

ROOT = Path(__file__).parents[2]
MARK = "synthetic"
SCENARIO = builders.scenario()
LIMIT = 2 * 2**30

SUMMARISE = """
import json, resource, sys
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from pathlib import Path
from tests.verification.test_memory import ensemble_of

summary = ensemble_of(Path(sys.argv[1]), int(sys.argv[2])).summary()
print(json.dumps({name: list(row) for name, row in summary[
    ["n", "mean", "q50", "high"]].astype(float).iterrows()}))
"""


def ensemble_of(path: Path, n: int) -> Ensemble:
    """Return the ensemble of synthetic outcomes that lies in a folder."""
    numbers = range(n)
    parts = OutcomeParts(numbers, RunDirectory(path, MARK))
    return Ensemble(SCENARIO, 1, numbers, SCENARIO.horizon, parts, path)


def write_outcomes(path: Path, n: int) -> None:
    """Write outcomes in the schema of the archive: every part different.

    Every outcome is 0 or 1 half of the time, so each is legal whatever it counts;
    number 7 of each part failed.
    """
    schema = outcome_schema(SCENARIO)
    chance = np.random.Generator(np.random.Philox(1))
    (path / "outcomes").mkdir(parents=True)
    for part in parts_of(range(n)):
        numbers = np.array(part.replications)
        failed = numbers % archive.PART_SIZE == 7
        values = chance.integers(0, 2, (len(numbers), len(schema) - 3)).astype(float)
        values[failed] = np.nan
        about = [numbers, *([np.where(failed, "broke", "").tolist()] * 2)]
        table = pa.table([*about, *values.T], schema=schema)
        file = path / "outcomes" / part.file_name
        file.write_bytes(archive.encoded(table, MARK))


def test_a_summary_in_pieces_is_that_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outcomes read three columns at a time give the summary of all at once, to the
    last digit, and failed replications are left out.
    """
    write_outcomes(tmp_path, 250)
    whole = ensemble_of(tmp_path, 250).summary()
    monkeypatch.setattr(outcome_parts, "BUDGET", 3 * 8 * 250)
    pieces = ensemble_of(tmp_path, 250)
    assert pieces.parts.n_at_once() == 3
    pd.testing.assert_frame_equal(pieces.summary(), whole, check_exact=True)
    assert list(pieces.failures.index) == [7, 107, 207]
    assert int(whole["n"].to_numpy().max()) == 247


@pytest.mark.exhaustive
def test_a_million_replications_are_summarised_in_two_gigabytes(tmp_path: Path) -> None:
    """A process that may hold 2 GiB summarises 1,000,000 replications: 990,000 are
    left, and each mean is within 4.5 standard errors of the one half that was put in.
    """
    pytest.importorskip("resource")
    n = 1_000_000
    write_outcomes(tmp_path, n)
    done = subprocess.run(
        [sys.executable, "-c", SUMMARISE, str(tmp_path), str(n), str(LIMIT)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) > 200
    for count, mean, _, _ in rows.values():
        assert count == 0.99 * n
        assert abs(mean - 0.5) < 4.5 * 0.5 / np.sqrt(0.99 * n)
