"""Each wrong file is refused for the right reasons, all of them at once."""

import re
from pathlib import Path

import pytest

from sim.errors import Fault, ScenarioError
from sim.scenario.load import load

DATA = Path(__file__).parents[2] / "data"
INVALID = sorted((DATA / "invalid").glob("*.yaml"))
HEAD = re.compile(r"# expect: (.*)\n# line: (\d+)\n# where:(?: (.*))?\n")


def faults_of(file):
    """Return the error that loading a wrong file raises."""
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return caught.value


@pytest.mark.parametrize("file", INVALID, ids=lambda file: file.stem)
def test_wrong_file_has_exactly_the_expected_faults(file):
    """A wrong file's faults are those that its first lines announce, and no others."""
    expected = [
        (int(line), where or "", message)
        for message, line, where in HEAD.findall(file.read_text("utf-8"))
    ]
    error = faults_of(file)
    assert expected
    assert [(f.line, f.where, f.message) for f in error.faults] == expected
    assert error.exit_code == 2


def test_corpus_names_its_rules():
    """Every file of the corpus is called bad_<rule>_<nn>, and there are many."""
    assert len(INVALID) >= 40
    assert all(re.fullmatch(r"bad_[a-z]+_\d\d", file.stem) for file in INVALID)


def test_no_message_is_in_the_words_of_pydantic():
    """Messages are ours: none speaks of inputs, models or validation."""
    words = re.compile(r"Input should|validation|pydantic|Extra inputs|valid ", re.I)
    for file in INVALID:
        assert not words.search(str(faults_of(file))), file.name


def test_error_is_printed_in_the_agreed_form():
    """An error's text names the file, then line, place and message of each fault."""
    file = DATA / "invalid" / "bad_many_01.yaml"
    lines = str(faults_of(file)).splitlines()
    assert lines[0] == f"{file}: 3 faults"
    assert re.fullmatch(
        r"  line \d+ +limits\.rung_windw +unknown field; did you mean 'rung_window'\?",
        lines[1],
    )


def varied(tmp_path, *replacements):
    """Write the small valid scenario with some texts replaced."""
    text = (DATA / "valid" / "two_actors.yaml").read_text("utf-8")
    for old, new in replacements:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file = tmp_path / "two_actors.yaml"
    file.write_text(text, "utf-8")
    return file


def test_at_most_32_actors(tmp_path):
    """A scenario with more than 32 actors is refused."""
    more = "".join(f"  actor_{i}: {{kind: none}}\n" for i in range(29))
    error = faults_of(varied(tmp_path, ("\nactors:\n", f"\nactors:\n{more}")))
    messages = [fault.message for fault in error.faults]
    assert "has 33 actors; at most 32 are allowed" in messages


def test_at_least_one_actor(tmp_path):
    """A scenario without actors is refused."""
    file = tmp_path / "empty.yaml"
    file.write_text(
        "schema: 2\nid: empty\ntitle: t\nstatus: checked\nstart: 2020-01-01\n"
        "end: 2020-01-02\nutc_offset_hours: 0\nactors: {}\n",
        "utf-8",
    )
    fault = Fault(8, 1, "actors", "has no actors; at least 1 is needed")
    assert faults_of(file).faults == (fault,)


def test_at_most_1000_developments(tmp_path):
    """A scenario with more than 1000 developments is refused."""
    one = "  - id: more_{0}\n    date: 2020-01-01T{1:02}:{2:02}\n"
    one += "    scale: {{parameter: actors.host.ability, by: 1}}\n"
    more = "".join(one.format(i, i // 60, i % 60) for i in range(997))
    head = "\ndevelopments:\n"
    error = faults_of(varied(tmp_path, (head, f"{head}{more}")))
    assert [fault.message for fault in error.faults] == [
        "has 1001 developments; at most 1000 are allowed"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "schema: 2\nactors: []\nsites: 3\nlimits: [1]\ndevelopments: {a: 1}\n",
        "actors: {a: 3, b: {kind: militia, roles: 4, reach: []}}\nsites: {c: []}\n",
        "developments: [3, [], {set: 4}, {incident: []}, {id: [], date: {}}]\n",
        "developments: [{id: {}, incident: {act: [], actor: {}, target: 3}}]\n",
        "observations: {rocket_attack: 4, raid: []}\nexogenous: [[], {}, 3, true]\n",
        "limits: {rung_window: {value: [], unit: {}, range: {}, source: [3, []]}}\n",
        "actors: {a: {kind: {}}, b: {kind: []}, c: {kind: 3}, d: {kind: true}}\n",
    ],
)
def test_any_shape_is_refused_with_faults(tmp_path, text):
    """Data of any shape end in faults with lines, never in another exception."""
    file = tmp_path / "shape.yaml"
    file.write_text(text, "utf-8")
    assert all(fault.line >= 1 for fault in faults_of(file).faults)
