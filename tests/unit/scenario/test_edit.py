"""Values are read and replaced by path, before the checks."""

import math
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.ladder import Act
from sim.reading.strict_yaml import read
from sim.scenario.edit import replace, value_at
from sim.scenario.load import load

FILE = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"


def refusal(changes):
    """Return the faults with which changes are refused."""
    with pytest.raises(ScenarioError) as caught:
        load(FILE, changes)
    return [(f.line, f.where, f.message) for f in caught.value.faults]


@pytest.mark.parametrize(
    ("path", "new", "value"),
    [
        ("actors.brigade.base_rate", "0.5/week", 0.5 / 7.0),
        ("actors.brigade.obedience", 0.25, 0.25),
        ("actors.brigade.reach.embassy", 0, 0.0),
        ("limits.rung_window", "1 week", 7.0),
        ("limits.exchange_strikes", 4, 4.0),
        ("sites.base.presence.power", 0, 0.0),
        ("sites.embassy.presence.host", 7, 7.0),
        ("observations.rocket_attack.reported", "50 %", 0.5),
        ("developments.new_cabinet.set.to", 0.5, 0.5),
        ("developments.crisis.scale.by", 2, 2.0),
        ("developments.guard.add.by", "-10 %", -0.1),
    ],
)
def test_value_is_replaced(path, new, value):
    """A replaced value is the one found at its path; it counts as assumed."""
    scenario = load(FILE, {path: new})
    assert value_at(scenario, path) == value
    (number,) = (c for c in scenario.cited if c.path == path)
    assert number.basis == "assumed"
    assert scenario.digest != load(FILE).digest


def test_sections_that_the_file_leaves_out_are_opened():
    """A value may be given where the file has not even its section."""
    changes = {
        "observations.raid.reported": 1,
        "observations.raid.attributed": 0.5,
        "limits.exchange_window": "3 days",
    }
    scenario = load(FILE.with_name("short_forms.yaml"), changes)
    assert scenario.observations[Act.RAID].attributed == 0.5
    assert scenario.exchange_window == 3.0
    assert replace(read(FILE), {"limits.exchange_strikes": 2}).path == str(FILE)


def test_fault_of_a_changed_number_has_no_line():
    """A changed number is not in the file, so its faults have no line."""
    new = {"value": 0.5, "unit": "1", "basis": "measured", "range": [0.0, 1.0]}
    assert refusal({"actors.brigade.obedience": new}) == [
        (0, "actors.brigade.obedience", "has no source; a measured number needs one")
    ]


def test_number_in_full_replaces_too():
    """A number in full brings its own basis, source and range."""
    new = {
        "value": 0.5,
        "unit": "1",
        "basis": "coded",
        "source": "op-ed-2020-07-05",
        "range": [0.0, 1.0],
    }
    scenario = load(FILE, {"actors.brigade.obedience": new})
    (number,) = (c for c in scenario.cited if c.path == "actors.brigade.obedience")
    assert (number.value, number.source) == (0.5, "op-ed-2020-07-05")


def test_plain_values_are_replaced():
    """Dates, offsets, positions and counted effects can be replaced by path too."""
    changes = {
        "end": "2020-05-01",
        "utc_offset_hours": 0,
        "sites.base.latitude": 1.0,
        "developments.crisis.date": "2020-02-11",
        "developments.commander_killed.incident.killed_militia": 0,
    }
    scenario = load(FILE, changes)
    assert (scenario.horizon, scenario.utc_offset_hours) == (121.0, 0.0)
    assert scenario.sites[0].latitude == 1.0
    assert scenario.changes[1].time == 41.0
    assert scenario.given[0].effect.killed_militia == 0.0


def test_same_value_gives_the_same_digest():
    """Replacing a value by itself, in other words, leaves the digest alone."""
    same = load(FILE, {"actors.brigade.obedience": "60 %"})
    assert same.digest == load(FILE).digest


def test_document_is_left_alone():
    """Replacing works on a copy; what was read does not change."""
    document = read(FILE)
    edited = replace(document, {"actors.brigade.obedience": 0.1})
    assert edited.data != document.data
    assert document.data == read(FILE).data


def test_unknown_path_names_the_nearest():
    """A path that does not exist is a fault with the nearest path."""
    assert refusal({"actors.brigade.obediance": 1, "actors.brigades.swing": 1}) == [
        (
            0,
            "actors.brigade.obediance",
            "'actors.brigade.obediance' is not a value; "
            "did you mean 'actors.brigade.obedience'?",
        ),
        (
            0,
            "actors.brigades.swing",
            "'actors.brigades.swing' is not a value; "
            "did you mean 'actors.brigade.swing'?",
        ),
    ]


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (1.4, "1.4 is above the range [0, 1]"),
        (math.nan, "nan is not a finite number"),
        (math.inf, "inf is not a finite number"),
        ("3 days", "'days' is not a unit of share; units: 1, %, share"),
    ],
)
def test_new_value_meets_the_same_checks(new, message):
    """A new value out of range, not finite or with a wrong unit is a fault."""
    path = "actors.brigade.obedience"
    ((line, where, found),) = refusal({path: new})
    assert (line, found) == (0, message)
    assert where in (path, f"{path}.value")


def test_value_that_a_later_set_overrides_is_refused():
    """Changing what a development sets later is an error that names it."""
    ((_, where, message),) = refusal({"actors.host.detection_share": 0.5})
    assert where == "actors.host.detection_share"
    assert message == (
        "developments.new_cabinet sets it on 2020-02-01, which would undo this; "
        "change developments.new_cabinet.set.to as well"
    )


def test_value_is_changed_together_with_the_development_that_sets_it():
    """Naming the development as well makes the change legal."""
    changes = {
        "actors.host.detection_share": 0.5,
        "developments.new_cabinet.set.to": 0.4,
    }
    scenario = load(FILE, changes)
    assert scenario.actors[1].params.detection_share == 0.5
    assert scenario.changes[0].value == 0.4


def test_reading_an_unknown_path_names_the_nearest():
    """Asking for a number that does not exist is refused with the nearest path."""
    with pytest.raises(ScenarioError, match=r"did you mean 'limits.rung_window'"):
        value_at(load(FILE), "limits.rung_windo")
