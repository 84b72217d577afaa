"""The source record: rows that hold together; its targets are in test_targets.py."""

import csv
import importlib
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from sim.ladder import Act
from sim.sources import SOURCE_ID, shipped_sources

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
START, LAST = date(2019, 10, 28), date(2020, 7, 5)
CASUALTIES = tuple(
    f"{kind}_{side}"
    for kind in ("killed", "wounded")
    for side in ("foreign", "host", "civilian", "militia", "other")
)
COUNTS = (
    "n_parts", "rounds", "rounds_hit", "rounds_unfired", "persons", "launchers",
    *CASUALTIES,
)  # fmt: skip
ALLOWED = {
    "date_precision": {"day", "night", "range", "about", "month"},
    "order_basis": {"", "single", "stated", "cause", "assumed"},
    "list": {"core", "other_rocket", "convoy_bomb", "before_period", "context"},
    "act": {act.name.lower() for act in Act if act} | {"other"},
    "weapon": {"rocket", "missile", "roadside_bomb", "aircraft", "drone", "none"},
    "claim": {"", "none", "claimed", "denied", "praised"},
    "cause_basis": {"", "stated", "inferred"},
    "confidence": {"high", "medium", "low"},
}
ALLOWED_PARTS = {
    "basis": {"seed", "found", "background"},
    "attribution_scope": {"this_incident", "general"},
}
ACTORS = {
    "kataib_hezbollah", "asaib_ahl_al_haq", "usbat_al_thaireen", "united_states",
    "iraq", "iran", "unknown_militia",
}  # fmt: skip
KINDS_OF_ROW = {
    "event", "actor", "relation", "quantity", "causal", "state", "quote",
    "comparison", "forecast", "advice",
}  # fmt: skip

Row = dict[str, str]


def table(name: str) -> list[Row]:
    """Read a table of the record; a line of another length fails."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def parts(cell: str) -> list[str]:
    """Split a cell that holds a list."""
    return [part for part in cell.split(";") if part]


def filed(row: Row) -> str:
    """Give the day a row is filed under: the date in its id."""
    return row["id"][3:13]


INCIDENTS = table("incidents/iraq_2019_2020.csv")
BY_ID = {row["id"]: row for row in INCIDENTS}
CONFLICTS = table("conflicts.csv")
ARTICLE = table("codings/article_rows.csv")


def caused() -> Iterator[tuple[Row, Row]]:
    """Yield each row that has a cause, with its cause."""
    return ((row, BY_ID[row["cause"]]) for row in INCIDENTS if row["cause"])


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the derive scripts importable, and leave no compiled files beside them."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(SEEDS / "derive"))
    return SEEDS / "derive"


@pytest.mark.parametrize("rows", [INCIDENTS, CONFLICTS, ARTICLE])
def test_rows_are_whole_and_ids_unique(rows: list[Row]):
    """Every line has as many cells as the header, and no id comes twice."""
    assert all(None not in row and None not in row.values() for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


def test_pages_from_after_the_cut_off_are_those_that_the_readme_names():
    """Two stand for one row outside every target, the third for rows of June alone."""
    text = " ".join((SEEDS / "README.md").read_text(encoding="utf-8").split())
    later = {s.id for s in shipped_sources().values() if s.cutoff == "after"}
    assert f"{('No', 'One', 'Two', 'Three')[len(later)]} pages were issued" in text
    resting = {
        row["id"]: set(parts(row["source"])) & later
        for row in INCIDENTS
        if set(parts(row["source"])) & later
    }
    third = {"memri-2020-07-06"}
    others = [row for row, pages in resting.items() if pages - third]
    assert others == ["iq-2020-07-05-01"]
    assert BY_ID[others[0]]["list"] == "other_rocket"
    rest = resting.keys() - set(others)
    assert {row[:10] for row in rest} == {"iq-2020-06"}


@pytest.mark.parametrize("column", ALLOWED)
def test_cells_hold_allowed_values(column: str):
    """A column with a closed list of values holds no other value."""
    assert {row[column] for row in INCIDENTS} <= ALLOWED[column]


@pytest.mark.parametrize("column", ALLOWED_PARTS)
def test_lists_hold_allowed_values(column: str):
    """A column of lists over a closed set holds no other part."""
    found = {part for row in INCIDENTS for part in parts(row[column])}
    assert found <= ALLOWED_PARTS[column]


@pytest.mark.parametrize("column", ["actor", "target"])
def test_actors_are_of_the_scenario_or_marked(column: str):
    """Every actor is one of the scenario's, or is marked as another."""
    names = {row[column] for row in INCIDENTS}
    assert all(n in ACTORS or re.fullmatch(r"other:[a-z_]+", n) for n in names)


def test_counts_are_whole_or_blank():
    """A count is a whole number, or blank where it is not known."""
    cells = [row[column] for row in INCIDENTS for column in COUNTS]
    assert all(cell == "" or re.fullmatch(r"\d+", cell) for cell in cells)


def test_rounds_hit_are_among_the_rounds_fired():
    """No row has more rounds landed than fired."""
    both = [row for row in INCIDENTS if row["rounds"] and row["rounds_hit"]]
    assert both
    assert all(int(row["rounds_hit"]) <= int(row["rounds"]) for row in both)


def test_ids_carry_a_day_of_the_row():
    """An id is made of the day the row is filed under and a serial number."""
    for row in INCIDENTS:
        assert re.fullmatch(r"iq-\d{4}-\d\d-\d\d-\d\d", row["id"])
        assert row["date_start"] <= filed(row) <= row["date_end"]


def test_days_lie_within_the_period():
    """No row is later than 5 July 2020; only `before_period` starts before it."""
    for row in INCIDENTS:
        first, last = (date.fromisoformat(row[c]) for c in ("date_start", "date_end"))
        assert first <= last <= LAST
        assert (first < START) == (row["list"] == "before_period")


def test_precision_fits_the_dates():
    """A night spans two dates, a range more than one, anything else one."""
    for row in INCIDENTS:
        first, last = (date.fromisoformat(row[c]) for c in ("date_start", "date_end"))
        span = (last - first).days
        precision = row["date_precision"]
        assert (
            span == 1 if precision == "night" else (span > 0) == (precision == "range")
        )


def test_order_in_day_is_complete():
    """Rows of a day are numbered from 1 without gaps; only ranges have no number."""
    days: dict[str, set[int]] = {}
    for row in INCIDENTS:
        assert (row["order_in_day"] == "") == (row["date_precision"] == "range")
        assert (row["order_basis"] == "") == (row["date_precision"] == "range")
        if row["order_in_day"]:
            days.setdefault(filed(row), set()).add(int(row["order_in_day"]))
    for numbers in days.values():
        assert max(numbers) - len(numbers) <= 1  # two rows may share a number
        assert min(numbers) == 1


def test_references_exist():
    """Every source, conflict, cause, partner, correction and coded row exists."""
    sources, conflicts = shipped_sources(), {row["id"] for row in CONFLICTS}
    coded = {row["id"] for row in ARTICLE}
    for row in INCIDENTS:
        assert row["source"]
        assert set(parts(row["source"])) <= set(sources)
        assert set(parts(row["conflict"])) <= conflicts
        assert set(parts(row["article_rows"])) <= coded
        links = {row[c] for c in ("cause", "corrects", "coordinated_with")} - {""}
        assert links <= BY_ID.keys() - {row["id"]}


def test_no_cause_is_later_than_its_effect():
    """A cause comes before its effect, by day and by order in the day."""
    for effect, cause in caused():
        assert cause["date_start"] <= effect["date_start"]
        if effect["order_in_day"] and cause["order_in_day"]:
            earlier, later = (
                (filed(row), int(row["order_in_day"])) for row in (cause, effect)
            )
            assert earlier < later


def test_links_say_on_what_they_rest():
    """A cause has a basis, and hours are counted only from a cause."""
    for row in INCIDENTS:
        assert bool(row["cause"]) == bool(row["cause_basis"])
        assert row["cause"] or not row["hours_after_cause"]


def test_joint_attempts_name_each_other():
    """The two rows of a joint attempt name each other and fall together."""
    joint = [row for row in INCIDENTS if row["coordinated_with"]]
    assert len(joint) == 2
    for row in joint:
        other = BY_ID[row["coordinated_with"]]
        assert other["coordinated_with"] == row["id"]
        assert other["order_in_day"] == row["order_in_day"]


def test_corrections_come_later():
    """A correction stands below the row that it corrects."""
    places = {row["id"]: place for place, row in enumerate(INCIDENTS)}
    corrections = [row for row in INCIDENTS if row["corrects"]]
    assert all(places[row["corrects"]] < places[row["id"]] for row in corrections)


def test_attributions_run_in_parallel():
    """Whom, by whom and how widely are lists of one length."""
    columns = ("attributed_to", "attribution_by", "attribution_scope")
    for row in INCIDENTS:
        assert len({len(parts(row[column])) for column in columns}) == 1


def test_claims_name_who_speaks():
    """Whoever claimed, denied or praised is named, and nobody else."""
    for row in INCIDENTS:
        assert (row["claim"] in {"claimed", "denied", "praised"}) == bool(
            row["claimed_by"]
        )


def test_the_series_holds_36_rocket_attacks():
    """The core list is 36 rocket attacks, none by an established perpetrator."""
    core = [row for row in INCIDENTS if row["list"] == "core"]
    corrected = {row["corrects"] for row in INCIDENTS}
    assert sum(row["id"] not in corrected for row in core) == 36
    assert {row["act"] for row in core} == {"rocket_attack"}
    assert {row["actor"] for row in core} == {"unknown_militia"}


def test_conflicts_are_two_sided_and_settled():
    """A conflict has two answers or more, each with sources, and says what is used."""
    sources = shipped_sources()
    for row in CONFLICTS:
        assert re.fullmatch(SOURCE_ID, row["id"])
        assert row["question"].endswith("?")
        assert row["value_a"]
        assert row["value_b"]
        assert row["used_in_scenario"]
        for letter in "abcd":
            cited = parts(row[f"source_{letter}"])
            assert bool(row[f"value_{letter}"]) == bool(cited)
            assert set(cited) <= set(sources)


def test_article_has_91_coded_rows():
    """The article is coded in 91 rows of known kinds, paragraph by paragraph."""
    assert len(ARTICLE) == 91
    assert {row["kind"] for row in ARTICLE} == KINDS_OF_ROW
    for row in ARTICLE:
        assert row["statement"]
        assert row["id"].startswith(f"S{int(row['paragraph']):02d}.")


def test_five_article_rows_ask_for_no_mechanism():
    """All coded rows but five ask something of the model."""
    assert sum(not row["mechanism_asked"] for row in ARTICLE) == 5


@pytest.mark.usefixtures("scripts")
def test_corrected_rows_are_passed_over(tmp_path: Path):
    """A row that a later row corrects no longer counts in any derivation."""
    first = next(row for row in INCIDENTS if row["list"] == "core")
    again = first | {"id": first["id"][:-2] + "99", "corrects": first["id"]}
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows([*INCIDENTS, again])
    record = importlib.import_module("record")
    attacks = record.core_attacks(record.read_rows(path))
    assert len(attacks) == 36
    assert first["id"] not in {row["id"] for row in attacks}


def test_the_record_reads_as_cited_sources():
    """The article, the scales and the ladder that the model cites are in the record."""
    needed = {"op-ed-2020-07-05", "goldstein-1992", "gerner-2002", "kahn-1965"}
    assert needed <= set(shipped_sources())
