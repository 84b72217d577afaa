"""The table of codes: whole, sourced, and of one mind with the ladder."""

import csv
from collections import Counter

from sim.files import data_folder
from sim.importing.codes import acts_without_code, codes_of
from sim.ladder import ACTS, act_named, name_of
from sim.scenario.event_table import OTHER
from sim.sources import shipped_sources

with (data_folder("seeds") / "event_codes.csv").open(encoding="utf-8") as stream:
    ROWS = list(csv.DictReader(stream, strict=True))
ELSEWHERE = {"010": OTHER, "145": "demonstration"}
"""Codes of the ladder that mean more than the act which bears them there."""


def test_each_code_stands_once_and_has_its_source() -> None:
    """No code has two meanings, and who defines it is a source that is listed."""
    names = Counter((row["coding"], row["code"].casefold()) for row in ROWS)
    assert [name for name, n in names.items() if n > 1] == []
    assert {row["source"] for row in ROWS} <= shipped_sources().keys()
    assert {row["directed"] for row in ROWS} == {"yes", "no"}
    assert all(row["act"] == OTHER or act_named(row["act"]) for row in ROWS)


def test_whole_codings_are_there() -> None:
    """ACLED has 25 sub-event types, PLOVER 16 event types, CAMEO 20 roots."""
    subs = [
        r for r in ROWS if r["coding"] == "acled" and r["source"] == "acled-2024-10-03"
    ]
    assert len(subs) == 25
    assert sum("/" not in code for code in codes_of("plover")) == 16
    assert {code[:2] for code in codes_of("cameo")} == {f"{n:02}" for n in range(1, 21)}


def test_codes_of_the_ladder_come_back_as_their_act() -> None:
    """A CAMEO code means the act that bears it on the ladder, or the first of them."""
    first: dict[str, str] = {}
    for row in ACTS[1:]:
        if row.cameo:
            first.setdefault(row.cameo, name_of(row.act))
    first["1711"] = (
        "seizure"  # what the code is called; its bearer there is weighed alike
    )
    meant = {code: codes_of("cameo")[code].act for code in first}
    assert meant == first | ELSEWHERE


def test_our_own_acts_lack_no_code() -> None:
    """A file that names our acts can name each of them."""
    assert acts_without_code("acts") == []
    assert "raid" in acts_without_code("acled")
