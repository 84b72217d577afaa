"""Write into ``scenarios/README.md`` southern Lebanon beside what the sources tell.

::

    python generators/lebanon.py        200 replications, half a minute
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from rhythm import renew

import sim
from sim.digest import rules_digest
from sim.digits import markdown_table
from sim.ensemble.ensemble import run_ensemble

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

PAGE: Final = Path(__file__).resolve().parents[1] / "scenarios" / "README.md"
SCENARIO: Final = "lebanon_withdrawal_1999_2000"
REPLICATIONS: Final = 200
ROOT_SEED: Final = 1
COUNTED: Final = 184.0
"""Days of which UNIFIL's counts of operations are known."""
WINDOW: Final = 18.0
COLUMNS: Final = [
    "replication", "record_type", "origin", "time_days", "act", "actor", "rounds",
    "killed_foreign", "killed_civilian", "killed_militia",
]  # fmt: skip


def made_from(scenario: Scenario) -> str:
    """Return what the tables depend on, in one line."""
    return (
        f"values {scenario.digest[:16]}, rules {rules_digest(scenario)[:16]}, "
        f"{REPLICATIONS} replications, root_seed {ROOT_SEED}"
    )


def incidents() -> pd.DataFrame:
    """Return what the model makes by itself, one row an incident."""
    with tempfile.TemporaryDirectory() as folder:
        ensemble = run_ensemble(
            sim.load(SCENARIO),
            replications=REPLICATIONS,
            root_seed=ROOT_SEED,
            out=Path(folder) / "run",
        )
        rows = ensemble.records(COLUMNS)
    is_own = (rows["record_type"] == "incident") & (rows["origin"] == "simulated")
    return rows[is_own]


def added_up(rows: pd.DataFrame, column: str | None = None) -> pd.Series:
    """Return how many rows, or the sum of a column of theirs, by replication."""
    groups = rows.groupby("replication")
    sums = groups.size() if column is None else groups[column].sum()
    return sums.reindex(range(REPLICATIONS), fill_value=0)


def month_range(attacks: pd.DataFrame, start: pd.Timestamp) -> pd.Series:
    """Return the largest less the smallest month of August to December."""
    months = (start + pd.to_timedelta(attacks["time_days"], unit="D")).dt.month
    counts = attacks.groupby(["replication", months]).size().unstack(fill_value=0)
    whole = counts[[8, 9, 10, 11, 12]]
    return whole.max(axis=1) - whole.min(axis=1)


def longest_gap(attacks: pd.DataFrame) -> float:
    """Return the longest time between two attacks, days; nan of fewer than two."""
    gaps = np.diff(np.sort(attacks["time_days"].to_numpy()))
    return float(gaps.max()) if len(gaps) else float("nan")


def most_within(attacks: pd.DataFrame) -> float:
    """Return the most killed by the attacks of one window."""
    days, dead = (attacks[n].to_numpy() for n in ("time_days", "killed_foreign"))
    return float(max(dead[(days >= d) & (days <= d + WINDOW)].sum() for d in days))


def longest_run(strikes: pd.DataFrame) -> int:
    """Return how many days in a row had a strike, at most."""
    days = np.unique(np.floor(strikes["time_days"].to_numpy()))
    breaks = np.flatnonzero(np.diff(days) > 1)
    return int(np.diff(np.concatenate(([-1], breaks, [len(days) - 1]))).max())


def words(values: pd.Series) -> str:
    """Write the mean and the middle 90 % of replications."""
    low, high = np.nanquantile(values, (0.05, 0.95))
    mean = np.nanmean(values)
    return f"{mean:,.{0 if mean >= 10 else 1}f} ({low:,.0f} to {high:,.0f})"


def block(rows: pd.DataFrame, scenario: Scenario) -> str:
    """Return both tables, and what they were made from."""
    attacks = rows[rows["act"] == "rocket_attack"]
    early = attacks[attacks["time_days"] < COUNTED]
    of_amal = early[early["actor"] == "amal"]
    deadly = attacks[attacks["killed_foreign"] > 0].groupby("replication")
    strikes = rows[rows["act"] == "air_strike"].groupby("replication")
    civilians = added_up(rows[rows["time_days"] < COUNTED], "killed_civilian")
    runs = strikes[["time_days"]].apply(longest_run)
    start = pd.Timestamp(scenario.start)
    first = [
        ("attacks (set the rates)", "360", added_up(early)),
        ("of them Amal's (set its rate)", "65", added_up(of_amal)),
        (
            "largest less smallest month, August to December",
            "32",
            month_range(early, start),
        ),
        ("civilian dead", "4", civilians),
        (
            "rounds fired (some 3,000 a year earlier)",
            "not read",
            added_up(early, "rounds"),
        ),
    ]
    whole = [
        (
            "Israeli soldiers killed (10 of them set the rate)",
            "at least 11",
            added_up(attacks, "killed_foreign"),
        ),
        (
            "longest time between attacks that killed one, days",
            "161",
            deadly[["time_days"]].apply(longest_gap),
        ),
        (
            f"most killed within {WINDOW:g} days",
            "7",
            deadly[["time_days", "killed_foreign"]].apply(most_within),
        ),
        (
            "longest run of days with strikes",
            "at least 13",
            runs.reindex(range(REPLICATIONS), fill_value=0),
        ),
        (
            "casualties of the militias, of which the model counts the dead",
            "several dozen in 1999",
            added_up(rows, "killed_militia"),
        ),
    ]
    head = ("", "Sources", "Model")
    tables = [
        markdown_table(head, [(a, b, words(c)) for a, b, c in part], numbers=(1, 2))
        for part in (first, whole)
    ]
    return (
        f"The first {COUNTED:g} days, mean and middle 90 % ({made_from(scenario)}):\n\n"
        f"{tables[0]}\nAll {scenario.horizon:g} days:\n\n{tables[1]}"
    )


if __name__ == "__main__":
    renew("lebanon", block(incidents(), sim.load(SCENARIO)), PAGE)
