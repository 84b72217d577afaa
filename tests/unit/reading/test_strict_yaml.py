from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.errors import Fault, ScenarioError
from sim.reading import strict_yaml, tree
from sim.reading.strict_yaml import parse, read

LOADERS: list[type] = [yaml.SafeLoader]
if hasattr(yaml, "CSafeLoader"):
    LOADERS.append(yaml.CSafeLoader)


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__, autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run every test with the parser in C and with the one in Python."""
    monkeypatch.setattr(tree, "_LOADER", request.param)
    return request.param


def faults(text: str) -> list[tuple[Any, ...]]:
    """Return the faults of a text, which must have some."""
    with pytest.raises(ScenarioError) as caught:
        parse(text, "x.yaml")
    assert caught.value.path == "x.yaml"
    return [tuple(fault) for fault in caught.value.faults]


def file_fault(path: Path) -> Fault:
    """Return the one fault of a file."""
    with pytest.raises(ScenarioError) as caught:
        read(path)
    (fault,) = caught.value.faults
    return fault


# What is read


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("2:30", "2:30"), ("2020-01-03", "2020-01-03"), ("1_000", "1_000"),
        ("1e-3", 0.001), ("1.", 1.0), (".5", 0.5), ("-2.5E+3", -2500.0), ("+12", 12),
        ("012", 12), ("-012", -12), ("0o17", 15), ("0x1F", 31), ("0b11", "0b11"),
        ("-0o17", "-0o17"), ("0O17", "0O17"), ("08", 8), ("0", 0), ("-0", 0),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"),
        ("false", False), ("False", False), ("FALSE", False), ("nan", "nan"),
        ("inf", "inf"), (".", "."), ("-", None), ("1/week", "1/week"),
        ("45 %", "45 %"), ("1e5e5", "1e5e5"), ("''", ""), ("'null'", "null"),
        ("'1'", "1"), ('"a\\tb"', "a\tb"), ("=", "="), ("٣", "٣"),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775807", 1 - 2**63),
        ("Kata'ib Ḥizballāh", "Kata'ib Ḥizballāh"),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says(word: str, value: object):
    """Plain words follow the core schema of YAML 1.2, type included."""
    if value is None:  # a list of one empty value
        assert faults(f"a: {word}\n")
        return
    found = parse(f"a: {word}\n", "x").data
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_a_document_is_plain_data():
    """Lists, mappings, block text, comments and '%YAML 1.2' are read."""
    text = "%YAML 1.2\n---\n# c\na: [1, {b: x}]\nt: |\n  one\n  two\n...\n"
    assert parse(text, "x").data == {"a": [1, {"b": "x"}], "t": "one\ntwo\n"}
    assert parse("[1, 2]", "x").data == [1, 2]
    assert parse("\ufeffa: 1\r\nb: 2\r\n", "x").data == {"a": 1, "b": 2}
    assert parse("word", "x").data == "word"
    assert parse("{}", "x").data == {}


def test_positions_count_from_one():
    """Each value and key has the line and column that an editor shows."""
    text = "schema: 1\nactors:\n  kataib:\n    rate: 2\n  us: [a,\n    'b']\n"
    document = parse(text, "x.yaml")
    assert document.path == "x.yaml"
    assert document.position(()) == (1, 1)
    assert document.position(("schema",)) == (1, 9)
    assert document.key_position(("schema",)) == (1, 1)
    assert document.position(("actors",)) == (3, 3)
    assert document.key_position(("actors",)) == (2, 1)
    assert document.position(("actors", "kataib", "rate")) == (4, 11)
    assert document.key_position(("actors", "kataib", "rate")) == (4, 5)
    assert document.position(("actors", "us", 1)) == (6, 5)
    assert document.key_position(("actors", "us", 1)) == (6, 5)


def test_a_place_that_is_missing_falls_back_to_its_nearest_ancestor():
    """The position of what does not exist is that of what should hold it."""
    document = parse("a:\n  b: 1\n", "x")
    assert document.position(("a", "b", "c", 0)) == (2, 6)
    assert document.position(("a", "z")) == (2, 3)
    assert document.key_position(("a", "z")) == (1, 1)
    assert document.position(("q", 3)) == (1, 1)


def test_columns_count_characters_not_bytes():
    """A letter outside ASCII is one column."""
    assert parse("{ḥḥ😀: 1}", "x").position(("ḥḥ😀",)) == (1, 7)


# What is refused in the text


def test_every_fault_is_collected_with_its_place():
    """One reading reports them all, sorted by line, each with path and column."""
    text = (
        "schema: 1\n"
        "actors:\n"
        "  us: &x {rate: .inf}\n"
        "  us: *x\n"
        "  1: y\n"
        "  list: [~, !!int 3]\n"
        "schema:\n"
    )
    assert faults(text) == [
        (3, 7, "actors.us", "anchor '&x' is not allowed; write the value out"),
        (3, 17, "actors.us.rate", "'.inf' is not a finite number"),
        (4, 3, "actors.us", "key 'us' is given twice; first on line 3"),
        (4, 7, "actors.?", "alias '*x' is not allowed; write the value out"),
        (5, 3, "actors.1", "key '1' is not text; put it in quotes"),
        (6, 10, "actors.list.0", "has no value ('~'); leave the key out"),
        (6, 13, "actors.list.1", INT_TAG),
        (7, 1, "?", "has no value"),
        (7, 1, "schema", "key 'schema' is given twice; first on line 1"),
    ]


INT_TAG = "tag 'tag:yaml.org,2002:int' is not allowed; values are plain"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n",
         (5, 3, "b.c", "key 'c' is given twice; first on line 3")),
        ("{a: 1, 'a': 2}", (1, 8, "a", "key 'a' is given twice; first on line 1")),
        ("a: null", (1, 4, "a", "has no value ('null'); leave the key out")),
        ("a:\nb: 1", (1, 1, "a", "has no value")),
        ("a:\n- \n- 1", (2, 2, "a.0", "has no value")),
        ("---\n", (2, 1, "", "has no value")),
        ("a: .nan", (1, 4, "a", "'.nan' is not a finite number")),
        ("a: -.INF", (1, 4, "a", "'-.INF' is not a finite number")),
        ("a: 1e999", (1, 4, "a", "'1e999' is too large for a number;"
         " put it in quotes if it is text")),
        ("a: 9223372036854775808", (1, 4, "a", "'9223372036854775808' is too large"
         " for a number; put it in quotes if it is text")),
        ("a: " + "9" * 5000, (1, 4, "a", f"'{'9' * 37}...' is too long for a number;"
         " put it in quotes if it is text")),
        ("a: !!python/object/apply:os.system ['true']", (1, 4, "a",
         "tag 'tag:yaml.org,2002:python/object/apply...' is not allowed;"
         " values are plain")),
        ("a: !x 1", (1, 4, "a", "tag '!x' is not allowed; values are plain")),
        ("a: !!int 1", (1, 4, "a", INT_TAG)),
        ("!x b: 1", (1, 1, "", "tag '!x' is not allowed; values are plain")),
        ("a: &b 1", (1, 4, "a", "anchor '&b' is not allowed; write the value out")),
        ("&b a: 1", (1, 1, "", "anchor '&b' is not allowed; write the value out")),
        ("a: *b", (1, 4, "a", "alias '*b' is not allowed; write the value out")),
        ("*b : 1", (1, 1, "", "alias '*b' is not allowed; write the value out")),
        ("a:\n  <<: {b: 1}", (2, 3, "a.<<", "merge keys '<<' are not allowed")),
        ("1: x", (1, 1, "1", "key '1' is not text; put it in quotes")),
        ("true: x", (1, 1, "true", "key 'true' is not text; put it in quotes")),
        ("~: x", (1, 1, "~", "key '~' is not text; put it in quotes")),
        ("? \n: x", (1, 2, "", "an empty key is not text; put it in quotes")),
        ("? [a, b]\n: x", (1, 3, "", "a key must be text, not a list or mapping")),
        ("{{a: b}: x}", (1, 2, "", "a key must be text, not a list or mapping")),
        ('"\\e": 1', (1, 1, "\x1b",
         "character U+001B is not allowed, even as an escape")),
        ('a: "\\e[31m"', (1, 4, "a",
         "character U+001B is not allowed, even as an escape")),
        ("a: 1\n---\nb: 2\n", (2, 1, "",
         "a second document begins here; a file holds one")),
        ("a: 1\n...\n---\nb: 2\n", (3, 1, "",
         "a second document begins here; a file holds one")),
        ("a: 1\n\tb: 2\n", (2, 1, "", "a tab; use spaces")),
        ("a: 1\t# why\n", (1, 5, "", "a tab; use spaces")),
        ("a: x\x00", (1, 5, "", "character U+0000 is not allowed")),
        ("a: \x1b[31m", (1, 4, "", "character U+001B is not allowed")),
        ("a: x\u2028b: 1", (1, 5, "", "character U+2028 is not allowed")),
        ("a: x\ud800", (1, 5, "", "character U+D800 is not allowed")),
        ("a: 1\nb: \ufeff", (2, 4, "", "character U+FEFF is not allowed")),
        ("", (0, 0, "", "is empty")),
        ("\n# only a comment\n\n", (0, 0, "", "is empty")),
    ],
)  # fmt: skip
def test_refusals(text: str, expected: tuple[int, int, str, str]):
    """Each rule has one fault with line, column, path and sentence."""
    assert faults(text) == [expected]


def test_a_quoted_merge_sign_or_number_is_an_ordinary_key():
    """Quotes make text of anything."""
    assert parse("'<<': x\n'1': y\n", "x").data == {"<<": "x", "1": "y"}


def test_bad_characters_are_collected_one_a_line():
    """Every line with a bad character is named."""
    listed = faults("a: \x01\x02\nb: 1\n\tc: 2\nd: \x7f\n")
    assert [(f[0], f[1]) for f in listed] == [(1, 4), (3, 1), (4, 4)]


def test_a_tab_beside_text_does_not_hide_the_other_faults():
    """Only tabs that indent make the rest unreadable."""
    listed = faults("a: 1\t# c\na: 2\nb: ~\n")
    assert [f[0] for f in listed] == [1, 2, 3]


def test_a_number_of_faults_is_enough():
    """After a hundred faults reading stops, and says so."""
    listed = faults("[" + "~, " * 500 + "]")
    assert len(listed) == 100
    assert sum("reading stopped here, after 99 faults" in f[3] for f in listed) == 1


SIMPLE = "this line is no 'key: value'; a ':' is missing"
BLOCK = (
    "this does not continue the block begun on line {}; check indentation and quotes"
)
COLON = "a ':' is not allowed here; check the indentation, or put the text in quotes"
OPEN = "the '{}' opened on line {} is not closed, or a ',' is missing"
QUOTE = "the quote opened here is never closed"
ESCAPE = "unknown escape after a backslash; single quotes keep backslashes as they are"
CANNOT = "text may not begin with this character; put it in quotes"
ANCHOR = "anchors '&' and aliases '*' are not allowed"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: b: c", 1, COLON),
        ("a: 1\n  b: 2\n", 2, COLON),
        ("a: 1\nb\nc: 2\n", 2, SIMPLE),
        ("a:\n  b: 1\n c: 2\n", 3, BLOCK.format(1)),
        ("l:\n - 1\n b: 2", 3, BLOCK.format(2)),
        ("a: 'b' c", 1, BLOCK.format(1)),
        (": x", 1, BLOCK.format(1)),
        ("x: 1\nr: [1, 2\nn: x\n", 3, OPEN.format("[", 2)),
        ("r: {a: 1\nn: x\n", 2, OPEN.format("{", 1)),
        ("b: 1\na: 'x\nc: 1\n", 2, QUOTE),
        ("a: 'b\n---\nc'", 1, QUOTE),
        ('a: "\\q"', 1, ESCAPE),
        ('a: "\\xZZ"', 1, ESCAPE),
        ("a: @x", 1, CANNOT),
        ("a: `x`", 1, CANNOT),
        ("a: %x", 1, CANNOT),
        ("a: - 1", 1,
         "a list item '-' is not allowed here; begin the list on a line of its own"),
        ("a: *", 1, ANCHOR),
        ("a: &", 1, ANCHOR),
        ("a: !x!y 1", 1, "tags '!' are not allowed"),
        ("a: !<", 1, "tags '!' are not allowed"),
        ("a: !%ff x", 1, "tags '!' are not allowed"),
        ("%YAML 3.0\n--- a", 1, "only '%YAML 1.2' may begin with '%'"),
        ("a: |x\n b", 1, "the text block begun with '|' or '>' is malformed"),
        ("a: ]", 1, "a value is missing before this character"),
        ("a: [1,,2]", 1, "a value is missing before this character"),
        ("a: 1\n...\nb: 2\n", 3, "this does not belong to the document above it"),
        ("{a: 1}}", 1, "this does not belong to the document above it"),
    ],
)  # fmt: skip
def test_syntax_errors_are_one_plain_sentence(text: str, line: int, message: str):
    """Both of PyYAML's parsers give the same line and the same sentence."""
    ((found_line, column, where, listed),) = faults(text)
    assert (found_line, where, listed) == (line, "", message)
    assert column >= 1


def test_faults_before_a_syntax_error_are_kept():
    """A syntax error ends the reading but hides nothing that came before it."""
    listed = faults("a: ~\nb: [1\nc: 2\n")
    assert [f[0] for f in listed] == [1, 3]


def test_an_escape_beyond_unicode_is_a_fault():
    r"""``\UFFFFFFFF`` is refused, by whichever parser."""
    ((line, *_, message),) = faults('a: "\\UFFFFFFFF"')
    assert line == 1
    assert message in (ESCAPE, "is not valid YAML after this point")


def test_an_unknown_complaint_is_passed_on():
    """What has no sentence of ours keeps the parser's words."""
    mark = yaml.Mark("x", 0, 4, 2, None, 0)
    error = yaml.MarkedYAMLError(problem="strange", problem_mark=mark)
    assert tree.syntax_fault(error, (1, 1)) == Fault(
        5, 3, "", "is not valid YAML: strange"
    )


# Hostile input


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[{b: "])
def test_deep_nesting_is_refused_at_once(opening: str):
    """A hundred thousand levels are refused at the twenty-first."""
    began = time.process_time()
    with pytest.raises(ScenarioError, match="is nested deeper than 20 levels"):
        parse(opening * 100_000, "x")
    assert time.process_time() - began < 2.0


def test_twenty_levels_are_allowed():
    """The limit itself is legal; one more is not."""
    parse("[" * 20 + "]" * 20, "x")
    with pytest.raises(ScenarioError, match="deeper"):
        parse("[" * 21 + "]" * 21, "x")


def test_a_bomb_of_aliases_does_not_go_off():
    """Aliases are refused and never followed."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]" for i in range(1, 9)]
    listed = faults("\n".join(lines))
    assert all("is not allowed; write the value out" in f[3] for f in listed)
    assert len(listed) == 81


def test_text_over_the_limit_is_refused_before_parsing():
    """Ten megabytes of garbage cost nothing."""
    began = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        parse("[{&*!|>'\"%@`" * 900_000, "x")
    assert caught.value.faults[0].message == (
        "is 10,800,000 bytes; the limit is 2,000,000 bytes (2 MB)"
    )
    assert time.process_time() - began < 1.0


def test_a_long_scenario_loads_quickly(loader: Any):
    """1,500 lines take less than a quarter of a second with the parser in C."""
    fields = "value: 0.5\n    unit: 1/day\n    note: a, b\n    range: [0, 1]\n"
    rows = "".join(f"  p{i}:\n    {fields}" for i in range(300))
    began = time.process_time()
    parse("actors:\n" + rows, "x")
    limit = 0.25 if loader is not yaml.SafeLoader else 3.0
    assert time.process_time() - began < limit


# Files


def test_a_file_is_read(tmp_path: Path):
    """Path or text names the file; the document keeps the name."""
    file = tmp_path / "a.yaml"
    file.write_bytes("name: Ḥ\n".encode())
    assert read(file) == read(str(file))
    assert read(file).path == str(file)
    assert read(file).data == {"name": "Ḥ"}


def test_a_missing_file_names_its_neighbour(tmp_path: Path):
    """The nearest name in the folder is offered; a missing folder is named."""
    (tmp_path / "iraq_2019.yaml").touch()
    assert file_fault(tmp_path / "irak_2019.yaml") == Fault(
        0, 0, "", "no such file; did you mean 'iraq_2019.yaml'?"
    )
    assert file_fault(tmp_path / "zzz").message == "no such file"
    missing = tmp_path / "none"
    assert file_fault(missing / "a.yaml").message == (
        f"no such file; the folder {str(missing)!r} does not exist"
    )


def test_a_directory_or_a_pipe_is_no_file(tmp_path: Path):
    """Nothing is read from what is not a regular file, so nothing can hang."""
    assert file_fault(tmp_path).message == "is a directory; name a file"
    os.mkfifo(tmp_path / "pipe")
    assert file_fault(tmp_path / "pipe").message == "is not a regular file"


def test_an_unreadable_file_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The reason of the system is passed on."""
    file = tmp_path / "a.yaml"
    file.touch()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert file_fault(file).message == "cannot be read: Permission denied"


def test_impossible_names_are_faults(tmp_path: Path):
    """A name that is too long or holds a NUL is no traceback."""
    assert file_fault(tmp_path / ("x" * 5000)).message.startswith("cannot be read: ")
    assert file_fault(tmp_path / "a\0b").message.startswith(
        ("no such file", "cannot be read: ")
    )


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The size is checked before the file is opened."""
    file = tmp_path / "a.yaml"
    with file.open("wb") as stream:
        stream.truncate(10_000_000)
    monkeypatch.setattr(Path, "open", None)
    assert file_fault(file).message == (
        "is 10,000,000 bytes; the limit is 2,000,000 bytes (2 MB)"
    )


def test_an_empty_file_is_a_fault(tmp_path: Path):
    """No byte, no scenario."""
    (tmp_path / "a.yaml").touch()
    assert file_fault(tmp_path / "a.yaml").message == "is empty"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"a: 1\nb: \xff\n", 2, "is not UTF-8: byte 0xff at offset 8"),
        ("a: é\n".encode("latin-1"), 1, "is not UTF-8: byte 0xe9 at offset 3"),
        ("a: 1\n".encode("utf-16"), 1, "is not UTF-8: byte 0xff at offset 0"),
    ],
)
def test_other_encodings_are_refused(
    tmp_path: Path, content: bytes, line: int, message: str
):
    """The first byte that is not UTF-8 is named with its offset and line."""
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    assert file_fault(file) == Fault(line, 0, "", message)


def test_limits_are_public():
    """The limits that the messages name are constants."""
    assert strict_yaml.MOST_BYTES == 2_000_000
    assert tree.MOST_LEVELS == 20
