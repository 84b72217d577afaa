"""A table of events: read strictly, and what it answers."""

import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.errors import MOST_FAULTS, ScenarioError, StudyError
from sim.files import data_folder
from sim.reading.strict_yaml import read
from sim.record.question import QUESTIONS, questions_named
from sim.record.resolution import resolve, series_before
from sim.scenario.event_table import EventTable, read_event_table

START, END = date(2019, 10, 28), date(2020, 7, 6)
ACTORS = ("kataib_hezbollah", "iraq", "iran", "united_states")
HEAD = "date_start,date_end,act,actor,list,killed_foreign\n"


def table_of(folder: Path, text: str) -> EventTable:
    """Return the table that a text holds."""
    file = folder / "events.csv"
    file.write_text(text, "utf-8")
    return read_event_table(file)


def record() -> EventTable:
    """Return the source record, which covers its period."""
    file = data_folder("seeds") / "incidents" / "iraq_2019_2020.csv"
    return read_event_table(file, [(START, END)])


def test_record_answers_as_its_targets():
    """What is read off the source record as a table of events is what its derivation
    scripts counted.
    """
    targets: Any = read(data_folder("seeds") / "targets" / "iraq_2019_2020.yaml").data
    answers = resolve(record(), list(QUESTIONS.values()), (*ACTORS, "x"), START, END)
    for name in ("n_rocket_attacks", "n_coalition_deaths", "n_strikes", "n_raids"):
        assert answers[name].value == targets["targets"][name]["value"]
    assert answers["a_strike"].value >= 1


def test_rows_count_by_one_definition(tmp_path: Path):
    """Only rows of the window, of the question's acts, on the list, by the scenario's
    actors count; a blank number of dead is none, and said.
    """
    table = table_of(
        tmp_path,
        HEAD
        + "2020-07-06,2020-08-04,coverage,,,\n"
        + "2020-07-05,,rocket_attack,unknown_militia,core,1\n"
        + "2020-07-06,,rocket_attack,unknown_militia,core,2\n"
        + "2020-07-07,,rocket_attack,unknown_militia,,\n"
        + "2020-07-08,,rocket_attack,,,1\n"
        + "2020-07-09,,rocket_attack,unknown_militia,other_rocket,5\n"
        + "2020-07-10,,rocket_attack,other:somebody,core,5\n"
        + "2020-08-04,2020-08-05,air_strike,united_states,context,\n"
        + "2020-08-05,,air_strike,united_states,context,\n",
    )
    window = (date(2020, 7, 6), date(2020, 8, 5))
    answers = resolve(table, list(QUESTIONS.values()), ACTORS, *window)
    assert answers["n_rocket_attacks"].value == 3
    assert answers["n_rocket_attacks"].lines == (4, 5, 6)
    assert answers["n_coalition_deaths"].value == 3
    assert (
        "blank, and taken as none, in line 5" in answers["n_coalition_deaths"].notes[0]
    )
    assert answers["a_strike"].value == 1
    assert "beyond the window" in answers["a_strike"].notes[0]
    assert answers["a_raid"].value == 0


def test_unfinished_window_is_not_scored(tmp_path: Path):
    """A window is resolved only when every day of it was coded, and the refusal names
    the first that was not.
    """
    rows = "2020-07-10,,rocket_attack,unknown_militia,,0\n"
    window = (date(2020, 7, 6), date(2020, 8, 5))
    asked = questions_named()
    with pytest.raises(StudyError, match="does not say which days were coded"):
        resolve(table_of(tmp_path, HEAD + rows), asked, ACTORS, *window)
    first = "2020-07-01,2020-07-20,coverage,,,\n"
    with pytest.raises(StudyError, match="2020-07-21 is the first day"):
        resolve(table_of(tmp_path, HEAD + rows + first), asked, ACTORS, *window)
    rest = "2020-07-21,2020-08-04,coverage,,,\n"
    table = table_of(tmp_path, HEAD + rest + rows + first)
    assert resolve(table, asked, ACTORS, *window)["n_rocket_attacks"].value == 1
    assert table.covered == ((date(2020, 7, 1), date(2020, 8, 5)),)
    gap = "2020-07-22,2020-08-04,coverage,,,\n"
    with pytest.raises(StudyError, match="2020-07-21 is the first day"):
        resolve(table_of(tmp_path, HEAD + gap + first), asked, ACTORS, *window)


def test_unknown_actor_is_refused(tmp_path: Path):
    """A misspelt actor does not silently count, nor silently not."""
    table = table_of(
        tmp_path,
        HEAD
        + "2020-07-06,2020-08-04,coverage,,,\n"
        + "2020-07-10,,air_strike,united_sates,,\n",
    )
    with pytest.raises(ScenarioError) as caught:
        resolve(table, questions_named(), ACTORS, date(2020, 7, 6), date(2020, 8, 5))
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (3, "actor")
    assert "did you mean 'united_states'?" in fault.message
    assert resolve(table, questions_named(), (), date(2020, 7, 6), date(2020, 8, 5))[
        "a_strike"
    ].value


def test_corrected_row_gives_way(tmp_path: Path):
    """A row that a later one corrects does not count."""
    table = table_of(
        tmp_path,
        "id,date,act,corrects\n"
        "a,2020-07-06,raid,\n"
        "b,2020-07-07,raid,a\n"
        "c,2020-07-08,other,\n",
    )
    assert [event.day.day for event in table.events] == [7, 8]


WRONG = (
    ("", 0, "", "is empty"),
    ("\ndate,act\n", 1, "", "is blank; a header with"),
    ("date,act" + ",x" * 1000, 1, "", "has 1,002 columns; at most 1,000"),
    ("act\nraid\n", 1, "", "neither `date_start` nor `date`"),
    ("date,date_start,act\n", 1, "", "both `date_start` and `date`"),
    ("date\n2020-07-06\n", 1, "", "no column `act`"),
    ("date;act\n2020-07-06;raid\n", 1, "", "separated by commas"),
    ("date,act,act\n", 1, "act", "name of two columns"),
    ("date,act,kiled_foreign\n", 1, "kiled_foreign", "did you mean 'killed_foreign'?"),
    ("date,act\n2020-07-06\n", 2, "", "has 1 cells, and the header 2"),
    ("date,act\n2020-07-06,raid,x\n", 2, "", "has 3 cells"),
    ("date,act\n6.7.2020,raid\n", 2, "date", "is not a day such as 2020-07-06"),
    ("date,act\n20200706,raid\n", 2, "date", "is not a day such as 2020-07-06"),
    ("date,act\n2020-02-30,raid\n", 2, "date", "is no day of the calendar"),
    ("date,act\n,raid\n", 2, "date", "is blank"),
    ("date,act\n2020-07-06,\n", 2, "act", "is blank; allowed: rocket_attack"),
    ("date,act\n2020-07-06,riad\n", 2, "act", "did you mean 'raid'?"),
    ("date,act\n2020-07-06,none\n", 2, "act", "'none' is not known"),
    ("date,act\n\n\n2020-07-06,riad\n", 4, "act", "did you mean 'raid'?"),
    ('date,act,note\n2020-07-06,raid,"a\nb"\n2020-07-06,x,\n', 4, "act", "not known"),
    ('date,act\n2020-07-06,"ra"id\n', 2, "", "is no CSV"),
    ('date,act\n2020-07-06,"raid\n', 2, "", "is no CSV"),
    ("date,act,list\n2020-07-06,raid,croe\n", 2, "list", "did you mean 'core'?"),
    ("date,act,date_precision\n2020-07-06,raid,week\n", 2, "date_precision", "allowed"),
    ("date,act,killed_foreign\n2020-07-06,raid,two\n", 2, "killed_foreign", "whole"),
    ("date,act,killed_foreign\n2020-07-06,raid,-1\n", 2, "killed_foreign", "whole"),
    ("date,act,killed_foreign\n2020-07-06,raid,1.0\n", 2, "killed_foreign", "whole"),
    ("date,act,date_end\n2020-07-06,raid,2020-07-05\n", 2, "date_end", "lies before"),
    ("date,date_end,act\n2020-07-06,9999-12-31,coverage\n", 2, "date_end", "last day"),
    ("date,act,date_end\n2020-07-06,coverage,\n", 2, "date_end", "needs its last day"),
    ("date,act\n2020-07-06,coverage\n", 2, "date_end", "needs its last day"),
    ("id,date,act\na,2020-07-06,raid\na,2020-07-07,raid\n", 3, "id", "of line 2 too"),
    ("id,date,act,corrects\na,2020-07-06,raid,b\n", 2, "corrects", "is not the id"),
    ("id,date,act,cause\na,2020-07-06,raid,b\n", 2, "cause", "is no row's id"),
    ("id,date,act,cause\na,2020-07-06,raid,a\n", 2, "cause", "is the row's own id"),
    ("date,act,rounds\n2020-07-06,raid,few\n", 2, "rounds", "is no whole number"),
    ("date,act,order_in_day\n2020-07-06,raid,x\n", 2, "order_in_day", "whole number"),
)


@pytest.mark.parametrize(("text", "line", "where", "message"), WRONG)
def test_malformed_table_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, where: str, message: str
):
    """Each fault of a table is told with its line and its column."""
    with pytest.raises(ScenarioError) as caught:
        table_of(tmp_path, text)
    (fault,) = caught.value.faults
    assert (fault.line, fault.where) == (line, where)
    assert message in fault.message
    assert caught.value.exit_code == 2


def test_all_faults_of_a_table_at_once(tmp_path: Path):
    """Every faulty row is told, not the first alone."""
    rows = "2020-07-06,,riad,,,\n2020-7-6,,raid,,,\n2020-07-06,,raid,,,many\n"
    with pytest.raises(ScenarioError) as caught:
        table_of(tmp_path, HEAD + rows)
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4]


def test_file_that_is_no_table(tmp_path: Path):
    """A missing file, a folder and a text of another encoding are refused."""
    with pytest.raises(ScenarioError, match="no such file"):
        read_event_table(tmp_path / "absent.csv")
    with pytest.raises(ScenarioError, match="is not a file"):
        read_event_table(tmp_path)
    file = tmp_path / "latin.csv"
    file.write_bytes("date,act,note\n2020-07-06,raid,é\n".encode("latin-1"))
    with pytest.raises(ScenarioError, match="is not UTF-8"):
        read_event_table(file)
    file.write_text("date,act\r\n2020-07-06,raid\r\n", "utf-8-sig")  # as Excel saves it
    assert len(read_event_table(file).events) == 1


def test_series_spreads_one_day(tmp_path: Path):
    """Incidents of one day keep their order and come at different moments; what adds
    nothing to the count is left out.
    """
    table = table_of(
        tmp_path,
        HEAD
        + "2020-07-06,2020-07-15,coverage,,,\n"
        + "2020-07-07,,rocket_attack,unknown_militia,core,\n"
        + "2020-07-07,,rocket_attack,unknown_militia,core,2\n",
    )
    first, end = date(2020, 7, 6), date(2020, 7, 16)
    attacks, deaths = (
        series_before(table, QUESTIONS[name], ACTORS, first, end)
        for name in ("n_rocket_attacks", "n_coalition_deaths")
    )
    assert attacks.times.tolist() == pytest.approx([1.0 + 1 / 3, 1.0 + 2 / 3])
    assert deaths.sizes.tolist() == [2.0]
    assert attacks.days == 10.0
    rows = (
        "date_start,date_end,act,date_precision\n2020-07-06,2020-07-15,coverage,\n"
        "2020-07-07,2020-07-09,convoy_bomb,range\n2020-07-07,2020-07-10,convoy_bomb,"
        "night\n"
    )
    table, asked = table_of(tmp_path, rows), QUESTIONS["n_convoy_bombs"]
    for day, n in ((8, 1), (9, 1), (10, 2)):  # a range is known when it has ended
        past = series_before(table, asked, ACTORS, first, date(2020, 7, day))
        assert len(past.times) == n
    with pytest.raises(StudyError, match="nothing lies between"):
        series_before(table, QUESTIONS["n_raids"], ACTORS, first, first)


def test_a_table_of_very_many_faults_is_not_read_to_its_end(tmp_path: Path):
    """The first hundred are told, and up to which line the others were counted."""
    file = tmp_path / "events.csv"
    rows = "".join(f"2020-07-{n % 20 + 10},raid,{n},w{n}\n" for n in range(9000))
    file.write_text(f"date,act,id,corrects\n{rows}", "utf-8")
    with pytest.raises(ScenarioError) as refused:
        read_event_table(file)
    assert len(refused.value.faults) == MOST_FAULTS
    last = str(refused.value).splitlines()[-1]
    assert last == "  and 4,901 more faults up to line 5002"
    assert "'w0' is not the id of a row above" in str(refused.value)


def large_table(folder: Path, act: str) -> Path:
    """Write a table of 20,000 rows with 13 columns."""
    file = folder / "large.csv"
    head = (
        "date_start,date_end,act,actor,target,site,list,killed_foreign,"
        "wounded_foreign,id,corrects,cause,source\n"
    )
    rows = (
        f"2020-{n % 12 + 1:02}-{n % 28 + 1:02},,{act},unknown_militia,united_states,"
        f"other:site_{n % 500},core,{n % 7},{n % 3},row-{n},,,agency-of-{n % 9}\n"
        for n in range(20_000)
    )
    file.write_text(head + "".join(rows), "utf-8")
    return file


def test_a_large_table_is_not_held_twice(tmp_path: Path):
    """Beside the events that are returned, reading holds no copy of the rows; of a
    table that is all faults it holds only these.
    """
    file = large_table(tmp_path, "rocket_attack")
    read_event_table(file)  # what is loaded once is no part of it
    tracemalloc.start()
    try:
        events = read_event_table(file).events
        after, peak = tracemalloc.get_traced_memory()
        assert len(events) == 20_000
        assert peak < 1.25 * after
        del events
        large_table(tmp_path, "rokcet_attack")
        tracemalloc.reset_peak()
        with pytest.raises(ScenarioError):
            read_event_table(file)
        assert tracemalloc.get_traced_memory()[1] < 0.8 * after
    finally:
        tracemalloc.stop()
