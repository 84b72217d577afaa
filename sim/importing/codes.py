"""What the codes of event data mean on the ladder: `seeds/event_codes.csv`, read."""

from __future__ import annotations

import csv
from functools import cache
from typing import Final, NamedTuple

from sim.files import data_folder
from sim.ladder import ACTS, Visibility, name_of
from sim.scenario.event_table import OTHER

OWN: Final = "acts"
"""The coding of a file whose codes are the names of our acts."""


class Code(NamedTuple):
    """What one code means."""

    act: str
    """An act of the ladder, or ``other``."""
    is_directed: bool
    """Whether the first of the two actors is the one who acts."""


@cache
def codes_of(coding: str) -> dict[str, Code]:
    """Return the codes of a coding in small letters, with what each means."""
    if coding == OWN:
        acts = [*(name_of(row.act) for row in ACTS[1:]), OTHER]
        return {act: Code(act, is_directed=True) for act in acts}
    file = data_folder("seeds") / "event_codes.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return {
            row["code"].casefold(): Code(row["act"], row["directed"] == "yes")
            for row in csv.DictReader(stream, strict=True)
            if row["coding"] == coding
        }


def acts_without_code(coding: str) -> list[str]:
    """Return the acts that everyone may notice, and that no code of a coding means."""
    meant = {code.act for code in codes_of(coding).values()}
    return [
        name
        for row in ACTS[1:]
        if row.visibility != Visibility.PRIVATE
        and (name := name_of(row.act)) not in meant
    ]
