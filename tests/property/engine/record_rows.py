"""The rows of a record as its file tells them, and the incidents that repeat them."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sim.engine.cast import VISIBILITY
from sim.engine.log import Origin
from sim.files import data_folder
from sim.ladder import Act, Visibility, name_of
from sim.scenario.history import BEFORE, UNKNOWN
from sim.scenario.load import load

if TYPE_CHECKING:
    from sim.engine.log import IncidentLog, Record
    from sim.scenario.scenario import Scenario


@cache
def shipped(name: str) -> Scenario:
    """Return a shipped scenario, read once."""
    return load(name)


def told_rows(scenario: Scenario, day: date) -> list[dict[str, str]]:
    """Return the rows of the record's own file that the log must repeat."""
    file = data_folder("seeds") / "incidents" / f"{scenario.record}.csv"
    table = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    corrected = {row["corrects"] for row in table}
    names = {actor.name for actor in scenario.actors} | {UNKNOWN}
    owners = {facade.name: facade.owner for facade in scenario.facades}
    for row in table:
        for column in ("actor", "target"):
            row[column] = owners.get(row[column], row[column])
    acts = {name_of(act): act for act in Act if act}
    return [
        row
        for row in table
        if scenario.start <= date.fromisoformat(row["date_start"]) < day
        and row["list"] != BEFORE
        and row["id"] not in corrected
        and row["actor"] in names
        and row["act"] in acts
        and VISIBILITY[acts[row["act"]]] != Visibility.PRIVATE
    ]


def recorded(log: IncidentLog) -> list[Record]:
    """Return the incidents that come from the record."""
    return [r for r in log.incidents() if r.origin == Origin.RECORD]
