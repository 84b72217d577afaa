"""What a manifest says of a run's making: versions, commit, digests, times."""

from __future__ import annotations

import json
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.digest import file_digest, rules_digest
from sim.engine.log import LOG_VERSION
from sim.ensemble.archive import PART_SIZE
from sim.files import PACKAGE
from sim.scenario.beside import file_of

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.scenario.scenario import Scenario

MANIFEST_SCHEMA: Final = 2
"""1: of escalade 0.1.0, whose digests name other runs."""


def manifest_of(
    scenario: Scenario, *, run_digest: str, root_seed: int, until: float
) -> dict[str, Any]:
    """Return the part of a manifest that is known before a run starts."""
    return {
        "schema": MANIFEST_SCHEMA,
        "run_digest": run_digest,
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "status": scenario.status,
            "digest": scenario.digest,
            "file": scenario.path,
            **({"own_outcomes": own} if (own := [*scenario.own_outcomes]) else {}),
        },
        **({"files": files} if (files := _files(scenario)) else {}),
        "rules_digest": rules_digest(scenario),
        "root_seed": root_seed,
        "until_days": until,
        "part_size": PART_SIZE,
        "log_version": LOG_VERSION,
        "versions": versions(),
        "git": git_state(),
        "command": shlex.join(sys.argv),
    }


def _files(scenario: Scenario) -> dict[str, str]:
    """Return the digests of the scenario's record and targets, where it has any."""
    files = {key: file_of(scenario, key) for key in ("record", "targets")}
    return {key: file_digest(file) for key, file in files.items() if file is not None}


def manifest_of_study(
    experiment: Experiment, digest: str, workers: int | str
) -> dict[str, Any]:
    """Return what is known of an experiment's study before it runs."""
    manifest = manifest_of(
        experiment.scenario,
        run_digest=digest,
        root_seed=experiment.root_seed,
        until=experiment.until,
    )
    return manifest | {
        "study_digest": digest,
        "experiment": {
            "id": experiment.name,
            "question": experiment.question,
            "file": experiment.path,
        },
        "workers": workers,
    }


def results_manifest(experiment: Experiment, command: str, **facts: Any) -> str:
    """Return the manifest of an experiment's results, JSON.

    `command` makes the results again; `facts` are particular to its kind: arms,
    particles, questions ...
    """
    scenario = experiment.scenario
    manifest = {
        "experiment": experiment.name,
        "command": command,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "rules_digest": rules_digest(scenario),
        "file_digest": file_digest(Path(experiment.path)),
        "root_seed": experiment.root_seed,
        **facts,
        "versions": versions(),
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def versions() -> dict[str, str]:
    """Return the versions of what makes the results."""
    by_package = {"python": platform.python_version()}
    for name in ("escalade", "numpy", "simpy", "pyarrow", "numba"):
        try:
            by_package[name] = version(name)
        except PackageNotFoundError:
            by_package[name] = ""
    return by_package


def git_state() -> dict[str, Any]:
    """Return the checkout's commit, and whether anything is uncommitted.

    Empty for an installed package.
    """
    root = PACKAGE.parent
    if not (root / ".git").exists():
        return {}
    try:
        commit, status = (
            subprocess.run(
                ["git", "-C", str(root), *words],
                capture_output=True,
                check=True,
                text=True,
                timeout=10,
            ).stdout.strip()
            for words in (("rev-parse", "HEAD"), ("status", "--porcelain"))
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"commit": commit, "is_dirty": bool(status)}


def now() -> str:
    """Return the present moment, ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")
