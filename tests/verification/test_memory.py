"""However long a study, its summary fits into the memory of a small machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

resource = pytest.importorskip("resource")

ROOT = Path(__file__).parents[2]

SUMMARISE = """
import json, resource, sys
if len(sys.argv) > 3:
    limit = int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
from pathlib import Path
from sim.study.archive import RunDirectory
from sim.study.ensemble import Ensemble
from sim.study.outcome_parts import OutcomeParts
from tests import builders

scenario = builders.scenario()
path, numbers = Path(sys.argv[1]), range(int(sys.argv[2]))
parts = OutcomeParts(numbers, RunDirectory(path, "synthetic"))
ensemble = Ensemble(scenario, 1, numbers, scenario.horizon, parts, path)
summary = ensemble.summary()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({
    "n": int(summary["n"].sum()), "mean": float(summary["mean"].iloc[0]),
    "q50": float(summary["q50"].iloc[0]), "columns": len(summary), "peak": peak,
}))
"""
"""The peak is in KiB on Linux."""
