"""The second reader's codes: whole, compared rightly, and told of as they are."""

import csv
import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from sim.sources import shipped_sources

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
README = SEEDS / "README.md"
CORRECTED = "corrects"


def table(name: str) -> list[dict[str, str]]:
    """Read a table of the record; a line of another length fails."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


CODED = table("codings/second_reader.csv")
CLASSES = yaml.safe_load((SEEDS / "reference_classes.yaml").read_text("utf-8"))[
    "classes"
]
INCIDENTS = {row["id"]: row for row in table("incidents/iraq_2019_2020.csv")}


@pytest.fixture
def agreement(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script, and leave no compiled files beside it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(SEEDS / "derive"))
    return importlib.import_module("agreement")


def test_codes_are_whole_and_of_known_incidents() -> None:
    """Each incident is coded once, from sources of the record, with whole numbers."""
    assert all(None not in row and None not in row.values() for row in CODED)
    assert len({row["incident"] for row in CODED}) == len(CODED)
    assert {row["incident"] for row in CODED} <= INCIDENTS.keys()
    assert {row["blind"] for row in CODED} == {"yes", "no"}
    sources = shipped_sources()
    for row in CODED:
        cited = row["source"].split(";")
        assert set(cited) <= set(sources)
        assert all(sources[name].urls for name in cited), row["incident"]
        for column, cell in row.items():
            if column.startswith(("rounds", "killed", "wounded")):
                assert re.fullmatch(r"\d*", cell)


def test_the_totals_are_at_least_the_sum_of_the_sides() -> None:
    """A total of dead or wounded holds every side that was told."""
    for row in CODED:
        for kind in ("killed", "wounded"):
            cells = [row[c] for c in row if c.startswith(f"{kind}_") and row[c]]
            assert not cells or int(row[kind]) >= sum(map(int, cells))


def test_kappa_is_that_of_the_textbook(agreement: ModuleType) -> None:
    """Two readers of 50 with 20 + 15 alike, 5 and 10 apart: p 0.7, e 0.5, kappa 0.4."""
    both = [("y", "y")] * 20 + [("n", "n")] * 15 + [("y", "n")] * 5 + [("n", "y")] * 10
    measured = agreement.agreement(both)
    assert (measured.n, measured.n_agree) == (50, 35)
    assert measured.kappa[0] == pytest.approx(0.4)
    low, high = measured.share[1:]
    assert measured.kappa[1:] == pytest.approx(((low - 0.5) / 0.5, (high - 0.5) / 0.5))


def test_full_agreement_is_not_certain(agreement: ModuleType) -> None:
    """Where all agree kappa is 1 and its interval is not a point; one code has none."""
    assert agreement.agreement([("y", "y"), ("n", "n")] * 5).kappa[1] < 0.5
    assert agreement.agreement([("y", "y")] * 9).kappa is None


def test_a_changed_code_is_seen(agreement: ModuleType) -> None:
    """One more difference lowers the agreement of its field by one."""
    rows = agreement.codings()
    before = agreement.agreement(agreement.pairs("weapon", rows))
    planted = [
        (a, b | {"weapon": "drone"} if i == 0 else b) for i, (a, b) in enumerate(rows)
    ]
    after = agreement.agreement(agreement.pairs("weapon", planted))
    assert after.n_agree == before.n_agree - 1


def test_each_difference_is_accounted_for(agreement: ModuleType) -> None:
    """A row on which the readers differ has a conflict, or was corrected."""
    corrected = {row[CORRECTED] for row in INCIDENTS.values()}
    differing = {
        second["incident"]
        for first, second in agreement.codings()
        for field in agreement.FIELDS
        if any(a != b for a, b in agreement.pairs(field, [(first, second)]))
    }
    assert differing
    for name in differing:
        assert INCIDENTS[name]["conflict"] or name in corrected, name


def test_the_readme_tells_what_the_script_computes(agreement: ModuleType) -> None:
    """The tables in the README are those of the script."""
    text = README.read_text("utf-8")
    told = text.split("<!-- agreement -->\n")[1].split("<!-- /agreement -->")[0]
    assert told == agreement.report()
    assert f" {len(CODED)}\nrows were coded again" in text


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("incidents/iraq_2019_2020.csv", len(INCIDENTS)),
        ("conflicts.csv", len(table("conflicts.csv"))),
        ("codings/second_reader.csv", len(CODED)),
        ("sources.yaml", len(shipped_sources())),
        ("reference_classes.yaml", len(CLASSES)),
    ],
)
def test_the_readme_counts_the_rows(name: str, rows: int) -> None:
    """The table of files gives each file's length."""
    line = re.search(rf"^\| `{name}` \|.*\| (\d+) \|$", README.read_text("utf-8"), re.M)
    assert line
    assert int(line[1]) == rows
