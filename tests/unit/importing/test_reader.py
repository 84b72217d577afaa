"""Event data are read, or refused with the line and the column; nothing is dropped."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.errors import ScenarioError, StudyError
from sim.importing.events import ImportedEvents
from sim.importing.reader import import_events
from sim.scenario.event_table import read_event_table
from tests.acled_rows import MAP, Known, acled_text

HEAD = (
    "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,location,"
    "fatalities\n"
)
CLASH = "R1,2031-03-04,1,Armed clash,Hill Front,,Port Ruritz,0"


def imported(
    folder: Path, rows: str, who: str = MAP, form: str = "acled"
) -> ImportedEvents:
    """Read rows below a short header of ACLED; a whole file where there is one."""
    file, map_file = folder / "data.csv", folder / "map.yaml"
    file.write_text(rows if "\n" in rows.strip() and form == "csv" else HEAD + rows)
    map_file.write_text(who, "utf-8")
    return import_events(file, map_file, form=form)


def test_ten_faults_are_named_by_line_and_column(tmp_path: Path) -> None:
    """All of them at once, each where it stands."""
    rows = [
        CLASH,
        CLASH.replace("2031-03-04", ""),
        CLASH.replace("2031-03-04", "2031-02-30"),
        CLASH.replace("2031-03-04", "04/03/2031"),
        CLASH.replace("Armed clash", "Armed clsh"),
        CLASH.replace("Armed clash", ""),
        CLASH.replace("Hill Front", ""),
        CLASH.replace("Hill Front", "Hill Frond"),
        CLASH.replace("Front,,", "Front,Nobody,"),
        CLASH.replace(",1,", ",4,"),
        f"{CLASH[:-1]}some",
        f"{CLASH},1",
        CLASH,
    ]
    with pytest.raises(ScenarioError) as caught:
        imported(tmp_path, "\n".join(rows))
    assert [(fault.line, fault.where) for fault in caught.value.faults] == [
        (3, "event_date"),
        (4, "event_date"),
        (5, "event_date"),
        (6, "sub_event_type"),
        (7, "sub_event_type"),
        (8, "actor1"),
        (9, "actor1"),
        (10, "actor2"),
        (11, "time_precision"),
        (12, "fatalities"),
        (13, ""),
    ]
    assert "did you mean 'armed clash'?" in str(caught.value)
    assert "did you mean 'Hill Front'?" in str(caught.value)


def test_a_line_is_that_of_the_file(tmp_path: Path) -> None:
    """A cell of several lines counts as many."""
    rows = f'"R\n2",{CLASH[3:]}\n\n{CLASH.replace("clash", "bash")}'
    with pytest.raises(ScenarioError) as caught:
        imported(tmp_path, rows)
    assert [fault.line for fault in caught.value.faults] == [5]


EVENT = Known(date(2031, 3, 4), "arrest", "ruritania", "front", "harbour", 2)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_it_is_read_as_programs_write_it(
    tmp_path: Path, separator: str, line_end: str, encoding: str
) -> None:
    """Separators, ends of lines, a mark of UTF-8, quotes and latin-1 make no odds."""
    text = acled_text([EVENT], separator=separator, line_end=line_end)
    text = text.replace("Port Ruritz", "Port Ruritzé")
    (tmp_path / "data.csv").write_bytes(text.encode(encoding))
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    events = import_events(tmp_path / "data.csv", tmp_path / "map.yaml")
    assert [(e.act, e.target, e.site) for e in events.events] == [
        ("arrest", "front", "other:Port Ruritzé")
    ]
    assert events.is_windows == (encoding == "cp1252")
    assert any("Windows" in text for text in events.remarks()) == events.is_windows


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "begins with no header"),
        (b"one\n2\n", "begins with no header"),
        (b"PK\x03\x04abc", "is a spreadsheet"),
        (b"\x1f\x8babc", "is compressed"),
        ("a,b\n".encode("utf-16"), "is UTF-16"),
        (b"a,b\n\0", "is no text"),
        (b"a,b\n1,2\n", "event_date"),
        (HEAD.encode() + b'R1,"2031', "line 2"),
        (HEAD.replace("location", "actor1").encode(), "is the name of two columns"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    """A sentence says what it is instead."""
    (tmp_path / "data.csv").write_bytes(content)
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    with pytest.raises(ScenarioError, match=reason):
        import_events(tmp_path / "data.csv", tmp_path / "map.yaml")


def test_duplicates_and_days_in_a_row_are_shown_and_stand(tmp_path: Path) -> None:
    """One id twice, one event twice, and one thing on three days; all are written."""
    row = CLASH.replace("Front,,", "Front,Military Forces of Ruritania (2028-),")
    turned = "R9,2031-03-04,1,Armed clash,Military Forces of Ruritania (2028-),"
    turned += "Hill Front,Port Ruritz,0"
    days = [row.replace("R1,2031-03-04", f"R{n},2031-05-1{n}") for n in (4, 5, 6)]
    rows = [row, row, turned, *days]
    events = imported(tmp_path, "\n".join(rows))
    assert events.same_id == ((2, 3),)
    assert events.alike == ((2, 3, 4),)
    assert events.running == ((5, 6, 7),)
    events.write(tmp_path / "events.csv")
    record = read_event_table(tmp_path / "events.csv", is_record=True)
    assert len(record.events) == 6
    assert {event.id for event in events.events} >= {"R1", "R1-01", "R9"}
    said = " / ".join(events.remarks())
    assert "lines 2, 3 have one id" in said
    assert "lines 5, 6, 7 go on for days" in said


def test_what_the_map_leaves_out_is_counted(tmp_path: Path) -> None:
    """By reason: another day, an act, an actor on either side."""
    who = MAP.replace('"Hill Front": front', '"Hill Front": skip')
    who += (
        "\nacts: {Armed clash: raid, Arrests: skip}\nperiod: [2031-03-01, 2031-03-31]"
    )
    army = CLASH.replace("Hill Front,", "Military Forces of Ruritania (2028-),")
    rows = [
        CLASH,
        army,
        army.replace("Armed clash", "Arrests"),
        army.replace("2031-03-04", "2031-04-01"),
        army.replace("),,", "),Hill Front,"),
    ]
    events = imported(tmp_path, "\n".join(rows), who)
    assert [(event.line, event.act) for event in events.events] == [(3, "raid")]
    assert events.left_out == {
        "Hill Front is skipped": 2,
        "Arrests is skipped": 1,
        "outside the period": 1,
    }
    events.write(tmp_path / "events.csv")
    covered = read_event_table(tmp_path / "events.csv", is_record=True).covered
    assert covered == ((date(2031, 3, 1), date(2031, 4, 1)),)


def test_the_order_of_actors_has_a_meaning_in_one_case(tmp_path: Path) -> None:
    """ACLED's first actor surely acts in violence against civilians alone."""
    row = CLASH.replace("Front,,", "Front,Protesters (Ruritania),")
    events = imported(tmp_path, "\n".join([row, row.replace("Armed clash", "Attack")]))
    assert [event.is_directed for event in events.events] == [False, True]
    assert "no meaning in 1 row:" in " ".join(events.unseen())


def test_files_of_before_2019_have_event_types_alone(tmp_path: Path) -> None:
    """The column `event_type` stands in, in capitals too."""
    head = HEAD.replace("sub_event_type", "event_type").upper()
    (tmp_path / "data.csv").write_text(
        head + CLASH.replace("Armed clash", "Battle-No change of territory")
    )
    (tmp_path / "map.yaml").write_text(MAP)
    events = import_events(tmp_path / "data.csv", tmp_path / "map.yaml")
    assert [event.act for event in events.events] == ["other"]


def test_a_map_is_drafted_filled_in_and_used(tmp_path: Path) -> None:
    """The draft lists who was met; what is not filled in is a fault at its line."""
    file, map_file = tmp_path / "data.csv", tmp_path / "map.yaml"
    file.write_text(acled_text([EVENT, EVENT._replace(day=date(2031, 5, 6))]), "utf-8")
    with pytest.raises(StudyError, match=r"map\.yaml was not there and is drafted now"):
        import_events(file, map_file)
    draft = map_file.read_text("utf-8")
    assert "period: [2031-03-04, 2031-05-06]" in draft
    assert '"Hill Front": "?"  # rows: 2' in draft
    with pytest.raises(ScenarioError) as caught:
        import_events(file, map_file)
    lines = draft.splitlines()
    assert [lines[fault.line - 1].strip()[:5] for fault in caught.value.faults] == [
        '"Mili',
        '"Hill',
    ]
    map_file.write_text(draft.replace('"?"', "unknown_militia"), "utf-8")
    assert len(import_events(file, map_file).events) == 2


PLOVER = """schema: 1
coding: plover
dates: day/month/year
columns: {date_start: Day, act: Type, mode: Mode, actor: Who, target: Whom}
"""


def test_another_table_says_what_its_columns_hold(tmp_path: Path) -> None:
    """Its map is drafted in two steps: the columns, and then who is met in them."""
    file, map_file = tmp_path / "data.csv", tmp_path / "map.yaml"
    file.write_text("Day;Type;Mode;Who;Whom\n3/4/2031;ASSAULT;drone;M;F\n")
    with pytest.raises(StudyError, match="drafted"):
        import_events(file, map_file, form="csv")
    assert 'columns:  # of "Day", "Type"' in map_file.read_text("utf-8")
    with pytest.raises(ScenarioError, match="is not filled in"):
        import_events(file, map_file, form="csv")
    map_file.write_text(PLOVER)
    with pytest.raises(StudyError, match="lists the actors"):
        import_events(file, map_file, form="csv")
    text = map_file.read_text("utf-8")
    assert text.startswith(PLOVER)
    map_file.write_text(text.replace('"?"', "front"))
    (event,) = import_events(file, map_file, form="csv").events
    assert (event.date_start, event.act) == (date(2031, 4, 3), "air_strike")
    assert event.code == "ASSAULT/drone"


def test_our_own_acts_with_numbers_and_days(tmp_path: Path) -> None:
    """A table of our acts keeps its last days and whose the dead are."""
    who = "schema: 1\ncoding: acts\nactors: {A: a}\ncolumns: {date_start: s, "
    who += "date_end: e, act: x, actor: w, killed_host: k}"
    rows = "s,e,x,w,k\n2031-01-01,2031-01-03,raid,A,2\n"
    events = imported(tmp_path, rows, who, "csv")
    assert events.events[0].amounts == {"killed_host": 2}
    assert events.events[0].date_precision == "range"
    assert events.running == ((2,),)
    with pytest.raises(ScenarioError, match="lies before the first day"):
        imported(tmp_path, rows.replace("01-03", "01-00").replace("-00", "-01")
                 .replace("2031-01-01,", "2031-01-02,", 1), who, "csv")  # fmt: skip


BESIDE = """\
schema: 1
coding: acts
actors: {A: a, B: b}
killed: {b: civilian}
columns: {date_start: s, act: x, actor: w, target: t, killed: k, killed_host: kh,
  killed_civilian: kc, killed_other: ko}
"""


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        ("B,5,,,", {"civilian": 5}),
        ("B,5,2,,", {"host": 2, "civilian": 3}),
        ("B,5,2,1,", {"host": 2, "civilian": 1, "other": 2}),
        ("B,5,2,1,1", {"host": 2, "civilian": 1, "other": 2}),
        ("A,5,,2,", {"civilian": 2, "other": 3}),
        ("A,5,,2,3", {"civilian": 2, "other": 3}),
        ("B,0,,,", {}),
        ("B,,0,,", {"host": 0}),
    ],
)
def test_a_total_beside_the_dead_of_a_side_counts_nobody_twice(
    tmp_path: Path, cells: str, amounts: dict[str, int]
) -> None:
    """The dead of a row are the total; those whom no side tells are the target's."""
    rows = f"s,x,w,t,k,kh,kc,ko\n2031-01-01,raid,A,{cells}\n"
    (event,) = imported(tmp_path, rows, BESIDE, "csv").events
    assert event.amounts == {f"killed_{side}": n for side, n in amounts.items()}


def test_a_total_below_the_dead_of_its_sides_is_refused(tmp_path: Path) -> None:
    """The row, its column and both numbers are named."""
    rows = "s,x,w,t,k,kh,kc,ko\n2031-01-01,raid,A,B,4,2,3,\n"
    with pytest.raises(ScenarioError, match="4 are fewer than the 5 of kh, kc") as told:
        imported(tmp_path, rows, BESIDE, "csv")
    assert [(fault.line, fault.where) for fault in told.value.faults] == [(2, "k")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("actors: 3", "is not a mapping"),
        ("period: [2031-01-02, 2031-01-01]", "is no pair"),
        ("acts: {Armed clsh: raid}", "is no code of acled, and none of the file"),
        ("acts: {Armed clash: rade}", "did you mean 'raid'"),
        ("unlisted: Some One", "is no name"),
        ("killed: {front: mine}", "allowed"),
        ("killed: {Protesters (Ruritania): host}", "did you mean 'other:prot"),
        ("killed: {army: host}", "is nobody of the scenario .* it names "),
        ("colums: {}", "unknown field"),
    ],
)
def test_a_fault_of_the_map_has_its_line(
    tmp_path: Path, change: str, message: str
) -> None:
    """The line is that of the map."""
    key = change.split(":", maxsplit=1)[0]
    kept = [line for line in MAP.splitlines() if not line.startswith(f"{key}:")]
    who = "\n".join(["schema: 1", change, *kept[1:]])
    who = who.replace("killed: {m", "#") if key == "killed" else who
    if key == "actors":
        who = f"schema: 1\n{change}"
    with pytest.raises(ScenarioError, match=message) as caught:
        imported(tmp_path, CLASH, who)
    assert caught.value.faults[0].line == 2
    assert caught.value.path.endswith("map.yaml")


def test_the_verb_writes_the_record_and_says_the_rest(tmp_path: Path) -> None:
    """Results go to stdout; a fault ends with 2, and no file is written over."""
    file, out = tmp_path / "data.csv", tmp_path / "events.csv"
    file.write_text(acled_text([EVENT]), "utf-8")
    words = ["import", "acled", str(file), "--map", str(tmp_path / "map.yaml")]
    words += ["--out", str(out)]
    assert CliRunner().invoke(app, words).exit_code == 2
    assert not out.exists()
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "arrest" in done.stdout
    assert "no code of acled means" in done.stderr
    assert out.read_text("utf-8") == sim.import_events(file, words[4]).result.text()
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "--renew" in again.stderr
    assert CliRunner().invoke(app, [*words, "--renew"]).exit_code == 0
    assert (
        CliRunner().invoke(app, [words[0], "ucdp", *words[2:], "--renew"]).exit_code
        == 2
    )
