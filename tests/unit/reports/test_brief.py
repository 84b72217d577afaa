"""A brief is one sheet that loads nothing, the same bytes every time, and a table."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.reports.brief import Brief, write_brief
from sim.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

LABEL = "look away, and say so"
EXPERIMENT = f"""\
schema: 1
id: small
question: Should Baghdad raid?
scenario: iraq_2019_2020
root_seed: 3
replications: 30
until: 40
outcomes: [n_rocket_attacks_true, n_raids_true, peak_rung_true]
pair: [raid, look_away]
assumptions:
  - A raid costs nothing.
arms:
  as_coded:
    label: as it is
  look_away:
    label: {LABEL}
    changes:
      actors.iraq.ability: 0.1
  raid:
    label: raid at once
    note: Baghdad raids as soon as it knows whom
    changes:
      actors.iraq.ability: 0.9
"""


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    """Return the brief of a small run."""
    out = tmp_path_factory.mktemp("brief") / "run"
    run_ensemble(load("iraq_2019_2020"), replications=8, out=out, until=60.0)
    return write_brief(out)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small comparison of three policies."""
    room = tmp_path_factory.mktemp("brief")
    (room / "small.yaml").write_text(EXPERIMENT, "utf-8")
    words = ["compare", str(room / "small.yaml"), "--out", str(room / "compared")]
    result = CliRunner().invoke(app, [*words, "--workers", "1"])
    assert result.exit_code == 0, result.output
    return room / "compared"


def cells_of(table: Path) -> list[dict[str, str]]:
    """Read a table as a spreadsheet does."""
    text = table.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff"), "spreadsheets take it for another code page"
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_sentences_stand_on_the_page(brief: Brief) -> None:
    """What Python returns is what the page says, three sentences at most."""
    text = brief.html.read_text("utf-8").replace("\u00a0", " ")
    assert 1 <= len(brief.answer) <= 3
    for sentence in (*brief.answer, *brief.would_change, *brief.how_sure):
        assert sentence.replace("&", "&amp;").replace("'", "&#39;") in text
    assert "<script" not in text
    assert not re.search(r'(src|href)="(?!data:)', text)


def test_pdf_is_one_sheet(brief: Brief) -> None:
    """The PDF has one page, and its text is set in an embedded font."""
    data = brief.pdf.read_bytes()
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    assert b"DejaVuSans" in data


def test_same_study_same_bytes(brief: Brief, tmp_path: Path) -> None:
    """Written twice, all three files are equal to the byte."""
    again = write_brief(brief.html.parent, tmp_path)
    for one, other in (
        (brief.html, again.html), (brief.pdf, again.pdf), (brief.table, again.table),
    ):  # fmt: skip
        assert one.read_bytes() == other.read_bytes()


def test_table_has_the_numbers_of_the_summary(brief: Brief) -> None:
    """Every outcome that is defined is a row of numbers."""
    rows = {row["name"]: row for row in cells_of(brief.table)}
    assert float(rows["n_rocket_attacks_true"]["mean"]) > 0.0
    assert len(rows) > 100


@pytest.mark.slow
def test_policies_are_called_by_their_labels(compared: Path) -> None:
    """The author's labels stand in sentences, picture and table, not arms' names."""
    brief = write_brief(compared)
    page = brief.html.read_text("utf-8")
    assert brief.question == "Should Baghdad raid?"
    assert "Should Baghdad raid? (over 40 days from 28 October 2019)" in page
    assert LABEL in page
    assert "raid at once: Baghdad raids as soon as it knows whom." in page
    assert f"{LABEL}: ability" in page, "what no file describes is told in numbers"
    said = " ".join((*brief.answer, *brief.would_change, *brief.how_sure))
    assert "look_away" not in said + page
    rows = cells_of(brief.table)
    assert {row["policy"] for row in rows} == {"as it is", LABEL, "raid at once"}
    means = [row for row in rows if row["row"] == "mean"]
    assert (len(means), len(rows)) == (9, 18), "every mean and every pair"
    places = {row["policy"]: row["overall_place"] for row in means}
    assert sorted(places.values()) == ["1", "2", "3"]
    assert {row["policy"]: row["overall_place"] for row in means[:3]} == places
    told = [row[name] for row in rows for name in ("value", "low", "high")]
    assert all(len(text.strip("-0.").partition("e")[0]) <= 5 for text in told)
    for row in rows:
        never = row["row"] == "mean" and row["value"] == "0"
        assert ("rule of three" if never else "weighted count") in row["interval"]
    assert brief.assumptions == ("A raid costs nothing.",)
    assert "A raid costs nothing." in page
    against = [(row["policy"], row["against"]) for row in rows if row["against"]]
    assert against[0] == (LABEL, "as it is")
    assert ("raid at once", LABEL) in against, "as the question sets them"


@pytest.mark.slow
def test_report_ranks_every_pair(compared: Path) -> None:
    """All pairs of three policies stand on the page, and rungs with their meaning."""
    assert CliRunner().invoke(app, ["report", str(compared)]).exit_code == 0
    page = (compared / "report.html").read_text("utf-8")
    assert "All 3 pairs of policies" in page
    assert page.count(" against ") > 3
    assert "8 harassing violence" in page


@pytest.mark.slow
def test_policies_under_draws_have_a_report(tmp_path: Path) -> None:
    """It says in what share of the draws each comes first; the shares add up to one."""
    out = tmp_path / "drawn"
    words = ["compare", "e06_commander_authority", "--out", str(out)]
    words += ["--posterior", "c01_iraq_2019_2020", "--draws", "30", "-n", "2"]
    words += ["--until", "20", "--workers", "1", "--outcomes"]
    words += ["n_rocket_attacks_true,n_orders_to_attack_true"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    kept = json.loads((out / "budget.json").read_text("utf-8"))["as_shipped"]
    six_pairs_of_two_outcomes = 12
    assert kept["replications"] == 60
    assert len(kept["differences"]) == six_pairs_of_two_outcomes
    sentence = "the same under every draw of the parameters"
    assert sentence not in " ".join(result.output.split())
    told = CliRunner().invoke(app, [*words, "--verbose"])
    assert sentence in " ".join(told.output.split())
    brief = write_brief(out)
    rows = cells_of(brief.table)
    shares = [
        float(row["first_in_share_of_draws"]) for row in rows if row["row"] == "mean"
    ]
    assert sum(shares) == pytest.approx(2.0, abs=1e-3)
    less = [float(row["less_in_share_of_draws"]) for row in rows if row["against"]]
    assert all(0.0 <= share <= 1.0 for share in less)
    assert "draws" in " ".join(brief.how_sure)
    assert CliRunner().invoke(app, ["report", str(out)]).exit_code == 0
    assert "the fewest rocket attacks" in (out / "report.html").read_text("utf-8")
    data = json.loads((out / "budget.json").read_text("utf-8"))
    del data["labels"]
    (out / "budget.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(StudyError, match="give its own command again"):
        write_brief(out)


def test_folder_without_a_study_is_refused(tmp_path: Path) -> None:
    """A folder that holds nothing of ours is named."""
    with pytest.raises(StudyError, match="holds no run, comparison or sweep"):
        write_brief(tmp_path)
