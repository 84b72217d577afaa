"""Means of attack in a scenario's file: defaults, a user's own, and old files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from sim.errors import ScenarioError
from sim.ladder import Act
from sim.reading.strict_yaml import parse
from sim.rules.means import MEANS, MeansParams
from sim.rules.registry import KINDS
from sim.scenario.authoring.upgrade import upgraded
from sim.scenario.dump import dump_yaml
from sim.scenario.form import whole
from sim.scenario.load import load
from sim.scenario.renumber import illegal_numbers, with_numbers
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FILE: Final = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"
TEXT: Final = FILE.read_text("utf-8")
DRONES: Final = """means:
  rocket: {accuracy: 0.4}
  drone: {label: drones, salvo_median: 2, visibility: 20 %}
"""


def read(text: str) -> Scenario:
    """Return the scenario of a text."""
    document = parse(text, str(FILE))
    return resolve(whole(document, KINDS), KINDS, shipped_sources())


def faults(text: str) -> list[str]:
    """Return what is wrong with a text."""
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return [
        f"{fault.line} {fault.where}: {fault.message}" for fault in caught.value.faults
    ]


def test_a_file_without_means_has_rockets_alone() -> None:
    """They have the documented defaults, and whoever says nothing has 20 of them."""
    scenario = read(TEXT)
    (rocket,) = scenario.means
    assert (rocket.name, rocket.act, rocket.params) == (
        "rocket",
        Act.ROCKET_ATTACK,
        MeansParams(),
    )
    assert scenario.actors[0].opportunity == {"rocket": 20.0}
    assert all(site.defences == {"rocket": 0.0} for site in scenario.sites)


def test_a_means_of_one_s_own_is_a_line() -> None:
    """What it leaves out is the default; each militia may have its own opportunity."""
    text = TEXT.replace("sites:\n", f"{DRONES}sites:\n", 1)
    text = text.replace("      rocket: 20 launchers\n", "      drone: 5 launchers\n")
    scenario = read(text)
    drone = scenario.means[1]
    assert drone.params == MeansParams(salvo_median=2.0, visibility=0.2)
    assert scenario.means[0].params == MeansParams(accuracy=0.4)
    assert scenario.actors[0].opportunity == {"rocket": 20.0, "drone": 5.0}
    again = read(dump_yaml(scenario))
    assert again.digest == scenario.digest


def test_what_names_no_means_is_refused_with_its_line() -> None:
    """An actor's means and a site's defences are of the file's."""
    wrong = TEXT.replace("      rocket: 20 launchers\n", "      rokcet: 2 launchers\n")
    (fault,) = faults(wrong)
    assert "'rokcet' is not a means" in fault
    assert "did you mean 'rocket'" in fault
    line = "    exposed_foreign: 1\n"
    wrong = TEXT.replace(line, f"{line}    defences: {{drone: 1}}\n", 1)
    (fault,) = faults(wrong)
    assert "'drone' is not a means" in fault


def test_numbers_of_means_have_paths() -> None:
    """Sweeps, priors and draws change them; opportunities and defences likewise."""
    scenario = read(TEXT)
    actor, site = scenario.actors[0].name, scenario.sites[0].name
    values = {f"means.rocket.{name}": row.high for name, row in MEANS.items()}
    values |= {
        f"actors.{actor}.means.rocket": 3.0,
        f"sites.{site}.defences.rocket": 0.5,
    }
    assert illegal_numbers(scenario, values) == []
    changed = with_numbers(scenario, values)
    assert changed.means[0].params == MeansParams(*(r.high for r in MEANS.values()))
    assert changed.actors[0].opportunity == {"rocket": 3.0}
    assert changed.sites[0].defences == {"rocket": 0.5}
    assert illegal_numbers(scenario, {"means.rocket.accuracy": 1.5}) == [
        "means.rocket.accuracy is 1.5, above the range [0, 1]"
    ]


OLD: Final = """    salvo_median: 4
    accuracy: 0.5
    launchers: 30 launchers
    rounds: 700
"""
"""What a militia once said of its attacks."""


def test_an_old_file_is_refused_with_what_replaced_it(tmp_path: Path) -> None:
    """Each line that is gone is named, with where its number stands now."""
    text = TEXT.replace("    max_parallel: 3\n", f"    max_parallel: 3\n{OLD}")
    said = " ".join(faults(text))
    for name in ("salvo_median", "accuracy", "launchers", "rounds"):
        assert f"actors.brigade.{name}: is gone; see means" in said
    change = upgraded(text, "two_actors.yaml")
    scenario = read(change.text)
    assert scenario.means[0].params == MeansParams(salvo_median=4.0, accuracy=0.5)
    assert "actors.brigade.rounds is gone" in " ".join(change.dropped)
    file = tmp_path / "two_actors.yaml"
    file.write_text(change.text, "utf-8")
    assert load(file).means == scenario.means


def test_bombs_on_convoys_become_a_means_of_the_same_rate() -> None:
    """The base rate counts both, in the proportion of their opportunities."""
    text = TEXT.replace(
        "    max_parallel: 3\n",
        "    max_parallel: 3\n    convoy_killed: 0.5\n    convoy_rate: 0.01/day\n",
    ).replace("actors:\n", "actors:\n  other: {kind: militia}\n", 1)
    scenario = read(upgraded(text, "two_actors.yaml").text)
    bomb, (other, actor) = scenario.means[1], scenario.actors[:2]
    assert (bomb.act, bomb.params.killed_per_hit) == (Act.CONVOY_BOMB, 0.5)
    assert actor.params.base_rate == pytest.approx(0.42 / 7.0)
    assert actor.opportunity == {"rocket": 20.0, "roadside_bomb": pytest.approx(4.0)}
    assert other.opportunity["roadside_bomb"] == 0.0


def test_militias_that_disagree_are_not_merged() -> None:
    """A number in which they differ is told of as gone, not guessed."""
    other = "actors:\n  other:\n    kind: militia\n    accuracy: 0.9\n"
    text = TEXT.replace("actors:\n", other, 1).replace(
        "    max_parallel: 3\n", "    max_parallel: 3\n    accuracy: 0.5\n"
    )
    change = upgraded(text, "two_actors.yaml")
    dropped = " ".join(change.dropped)
    assert "actors.other.accuracy is gone; see means.rocket.accuracy" in dropped
    assert "actors.brigade.accuracy is gone; see means.rocket.accuracy" in dropped
