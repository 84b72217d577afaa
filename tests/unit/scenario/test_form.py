"""What is shared or inherited stands where it counts, and keeps its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load

BASE = (Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml").read_text(
    "utf-8"
)
SIBLING = """\
schema: 2
id: sibling
based_on: two_actors
title: A sibling
"""


def written(folder: Path, text: str, name: str = "two_actors") -> Path:
    """Write a file, and return it."""
    file = folder / f"{name}.yaml"
    file.write_text(text, "utf-8")
    return file


def sharing(text: str = BASE) -> str:
    """Return the base with a number of the militia, and of its reach, shared."""
    text = text.replace("schema: 1", "schema: 2")
    text = text.replace("    solidarity: 0.3\n", "", 1).replace(
        "      base: 1\n", "", 1
    )
    shared = "shared:\n  actors:\n    militia:\n      solidarity: 0.3\n"
    return text.replace("sites:\n", f"{shared}      reach: {{base: 1}}\nsites:\n", 1)


def faults_of(file: Path) -> list[tuple[int, str, str]]:
    """Return line, place and message of each fault of a file."""
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return [(f.line, f.where, f.message) for f in caught.value.faults]


def line_of(text: str, part: str) -> int:
    """Return the line on which a part of a text begins."""
    return text[: text.index(part)].count("\n") + 1


def test_what_is_shared_resolves_to_the_same_scenario(tmp_path: Path) -> None:
    """What is shared resolves to the same scenario."""
    whole = load(written(tmp_path, BASE))
    short = load(written(tmp_path, sharing()))
    assert short.digest == whole.digest
    assert short.cited == whole.cited


def test_an_own_value_goes_before_what_is_shared(tmp_path: Path) -> None:
    """An own value goes before what is shared."""
    second = "  other:\n    kind: militia\n    solidarity: 0.9\n"
    text = sharing()
    start = text.index("  brigade:\n")
    after = next(
        i
        for i in range(start + 1, len(text))
        if text.startswith("\n  ", i) and text[i + 3] != " "
    )
    copied = text[start:after].split("kind: militia\n", 1)[1]
    text = f"{text[: after + 1]}{second}{copied}{text[after:]}"
    actors = {actor.name: actor for actor in load(written(tmp_path, text)).actors}
    assert actors["brigade"].params.solidarity == 0.3
    assert actors["other"].params.solidarity == 0.9


def test_a_shared_fault_is_told_at_the_line_where_it_was_written(
    tmp_path: Path,
) -> None:
    """A shared fault is told at the line where it was written."""
    text = sharing().replace("solidarity: 0.3", "solidarity: 3")
    (fault,) = faults_of(written(tmp_path, text))
    assert fault[:2] == (
        line_of(text, "solidarity: 3"),
        "actors.brigade.solidarity",
    )


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("militia:\n      sol", "militai:\n      sol", "shared.actors.militai", "kind"),
        ("  actors:\n    mil", "  actor:\n    mil", "shared.actor", "unknown field"),
        ("      reach: {base: 1}", "      x: 1", "actors.brigade.x", "unknown field"),
        (
            "    label: The base",
            "    class: big",
            "sites.base.class",
            "'big' is not a class",
        ),
        ("      solidarity: 0.3", "      obedience: 0.3", None, "shared by none"),
    ],
)
def test_a_fault_of_sharing_is_named(
    tmp_path: Path, old: str, new: str, where: str | None, says: str
) -> None:
    """A fault of sharing is named."""
    text = sharing()
    assert old in text
    text = text.replace(old, new, 1)
    faults = faults_of(written(tmp_path, text))
    line = line_of(text, new) + new.count("\n") - ("sol" in new or "mil" in new)
    line = line_of(text, new) if "\n" in new else line
    assert any(
        at == line and (where is None or where == path) and says in message
        for at, path, message in faults
    ), faults


def test_a_sibling_is_its_base_but_for_what_it_says(tmp_path: Path) -> None:
    """A sibling is its base but for what it says."""
    base = load(written(tmp_path, BASE))
    text = SIBLING + "changes:\n  actors.brigade.solidarity: 0.4\n"
    sibling = load(written(tmp_path, text, "sibling"))
    assert (sibling.name, sibling.title) == ("sibling", "A sibling")
    values = {cited.path: cited.value for cited in base.cited}
    differing = {c.path: c.value for c in sibling.cited if values[c.path] != c.value}
    assert differing == {"actors.brigade.solidarity": 0.4}


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("changes:\n  actors.brigade.solidarty: 1\n", "changes", "did you mean"),
        ("changes:\n  actors.brigade.solidarity: 4\n", "actors.", "above the range"),
        ("absent: [nobody]\n", "absent.0", "not an actor"),
        ("cancels: [nothing]\n", "cancels.0", "not a development"),
        ("actors: {}\n", "actors", "under changes"),
        ("changes: 3\n", "changes", "not a mapping"),
    ],
)
def test_a_fault_of_a_sibling_has_its_line(
    tmp_path: Path, text: str, where: str, says: str
) -> None:
    """A fault of a sibling has its line."""
    written(tmp_path, BASE)
    (fault,) = faults_of(written(tmp_path, SIBLING + text, "sibling"))
    assert fault[0] == 4 + text.count("\n")
    assert fault[1].startswith(where)
    assert says in fault[2]


def test_a_fault_of_the_base_is_told_in_the_base(tmp_path: Path) -> None:
    """A fault of the base is told in the base."""
    wrong = BASE.replace("solidarity: 0.3", "solidarity: 3")
    base = written(tmp_path, wrong)
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, SIBLING, "sibling"))
    assert caught.value.path == str(base)
    assert caught.value.faults[0].line == line_of(wrong, "solidarity: 3")


def test_there_are_no_chains_and_no_paths(tmp_path: Path) -> None:
    """There are no chains and no paths."""
    written(tmp_path, BASE)
    written(tmp_path, SIBLING, "sibling")
    text = SIBLING.replace("sibling", "third").replace("two_actors", "sibling")
    ((line, where, message),) = faults_of(written(tmp_path, text, "third"))
    assert (line, where) == (3, "based_on")
    assert "itself based on 'two_actors'" in message
    text = SIBLING.replace("two_actors", "../two_actors")
    ((line, where, message),) = faults_of(written(tmp_path, text, "sibling"))
    assert (line, where) == (3, "based_on")
    assert "is not a name" in message


def test_differences_without_a_base_are_refused(tmp_path: Path) -> None:
    """Differences without a base are refused."""
    faults = faults_of(written(tmp_path, f"{BASE}absent: [brigade]\n"))
    assert faults == [
        (BASE.count("\n") + 1, "absent", "goes with based_on, and there is none")
    ]


def test_a_development_of_the_same_id_takes_the_place_of_the_base_s(
    tmp_path: Path,
) -> None:
    """A development of the same id takes the place of the base s."""
    base = load(written(tmp_path, BASE))
    first = (*base.changes, *base.given)[0]
    text = f"{SIBLING}cancels: [{first.identity}]\n"
    sibling = load(written(tmp_path, text, "sibling"))
    left = [one.identity for one in (*sibling.changes, *sibling.given)]
    assert first.identity not in left
    assert len(left) == len((*base.changes, *base.given)) - 1
