"""What a file becomes: complete, frozen, in canonical units, with its sources."""

import dataclasses
import math
import pickle
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

import pytest

from sim.errors import ScenarioError
from sim.ladder import Act
from sim.reading.strict_yaml import parse
from sim.rules.behaviour import Share, parameter_table
from sim.rules.registry import KINDS
from sim.scenario.dump import dump, dump_yaml
from sim.scenario.load import find, load, shipped_scenarios
from sim.scenario.resolve import resolve
from sim.sources import shipped_sources

VALID = sorted((Path(__file__).parents[2] / "data" / "valid").glob("*.yaml"))
SHIPPED = list(shipped_scenarios().values())
FILE = Path(__file__).parents[2] / "data" / "valid" / "two_actors.yaml"


def resolved(text, name="<text>"):
    """Resolve a text as if it were a file."""
    return resolve(parse(text, name), KINDS, shipped_sources())


def bare(scenario):
    """Return a scenario without the name of its file."""
    return dataclasses.replace(scenario, path="")


@pytest.fixture(scope="module")
def scenario():
    """Return the small valid scenario."""
    return load(FILE)


@pytest.fixture(scope="module")
def cited(scenario):
    """Return its citations by path."""
    return {number.path: number for number in scenario.cited}


@pytest.mark.parametrize("file", [*VALID, *SHIPPED], ids=lambda file: file.stem)
def test_resolved_file_resolves_to_itself(file, tmp_path):
    """Dumped and loaded again, a scenario is the same, and so is its dump."""
    first = load(file)
    text = dump_yaml(first)
    again = tmp_path / file.name
    again.write_text(text, "utf-8")
    second = load(again)
    assert bare(second) == bare(first)
    assert dump_yaml(second) == text
    assert dump(second) == dump(first)
    assert second.digest == first.digest


def test_values_are_in_canonical_units(scenario):
    """Rates are per day, durations days, shares of one."""
    brigade = scenario.actors[0]
    assert brigade.params.base_rate == 0.35 * 1.0 / 7.0
    assert brigade.params.obedience == 0.6
    assert scenario.rung_window == 14.0
    assert scenario.horizon == 91.0
    assert scenario.start == date(2020, 1, 1)


def test_short_forms_mean_what_they_say():
    """Each short form of a number gives its value in canonical units."""
    power = load(FILE.with_name("short_forms.yaml")).actors[0]
    assert power.label == "power"
    assert power.params.planning_days == 1.5
    assert power.params.sponsor_belief == 0.05
    assert power.params.demand_rate == 1.0 / 7.0
    assert power.params.provocation_memory == 30.4375
    assert power.params.leave_effect == 0.5
    assert power.params.menace_weight == 2.0
    assert power.params.strike_killed == 10.0


def test_sites_reach_roles_and_presence(scenario):
    """Places and relations come out as they were written."""
    brigade, host, patron, power = scenario.actors
    base, embassy = scenario.sites
    assert brigade.reach == {"base": 1.0, "embassy": 2.0}
    assert brigade.roles == {"adversaries": ("power",)}
    assert host.roles == {"policed": ("brigade",), "suspects": ("brigade",)}
    assert (patron.reach, power.kind.name) == ({}, "foreign_power")
    assert base.presence == {"host": 200.0, "power": 500.0}
    assert (embassy.label, embassy.longitude) == ("embassy", 44.3)
    assert scenario.observations[Act.ROCKET_ATTACK].reported == 0.95


def test_developments(scenario):
    """Developments carry their moment in days, when they were known, and why."""
    cabinet, crisis, guard = scenario.changes
    assert (cabinet.time, cabinet.known_from) == (31.0, -12.0)
    assert (cabinet.how, cabinet.value) == ("set", 0.05)
    assert (cabinet.actor, cabinet.parameter) == ("host", "detection_share")
    assert crisis.time == 40.0 + 6.5 / 24.0
    assert (crisis.how, crisis.value) == ("scale", 1.5)
    assert (guard.how, guard.value) == ("add", 0.1)
    (killed,) = scenario.given
    assert (killed.act, killed.actor) == (Act.LEADER_KILLING, "power")
    assert (killed.target, killed.site) == ("patron", "base")
    assert (killed.effect.killed_militia, killed.effect.killed_sponsor) == (5.0, 5.0)
    assert (killed.source, killed.confidence) == ("op-ed-2020-07-05", "high")


def test_short_form_counts_as_assumed_over_the_usual_range(cited):
    """A short form is assumed, and may be explored within the usual range."""
    number = cited["actors.brigade.obedience"]
    assert (number.basis, number.source) == ("assumed", "")
    assert (number.low, number.high) == (0.1, 1.0)


def test_a_number_without_range_has_one_that_holds_it():
    """A value beyond the usual range widens it, in canonical units."""
    text = FILE.read_text("utf-8").replace("obedience: 60 %", "obedience: 1 %")
    cited = {number.path: number for number in resolved(text).cited}
    number = cited["actors.brigade.obedience"]
    assert (number.value, number.low, number.high) == (0.01, 0.01, 1.0)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_parameter_has_a_default_within_its_usual_range(kind):
    """Default and usual range are there, and inside what is legal."""
    for name, row in parameter_table(kind).items():
        low, high = row.usual or (row.low, row.high)
        assert row.default is not None, name
        assert row.low <= low <= row.default <= high <= row.high, name


def test_full_form_keeps_source_range_and_note(cited):
    """A number in full keeps where it is from; its range is converted with it."""
    number = cited["sites.embassy.presence.power"]
    assert (number.basis, number.source) == ("coded", "op-ed-2020-07-05")
    assert (number.low, number.high, number.note) == (100.0, 900.0, "our reading")
    several = cited["developments.new_cabinet.set.to"]
    assert several.source == "op-ed-2020-07-05, kahn-1965"
    rate = cited["actors.brigade.base_rate"]
    assert (rate.low, rate.high) == (0.07 / 7.0, 0.7 / 7.0)


def test_what_is_left_out_is_cited_as_default(cited, scenario):
    """A limit that the file leaves out has its default, and says so."""
    assert scenario.exchange_strikes == 3
    assert cited["limits.exchange_strikes"].note == "default of the format"


def test_every_parameter_has_a_citation(cited, scenario):
    """No number of an actor is without its basis."""
    for actor in scenario.actors:
        for name in parameter_table(actor.kind):
            number = cited[f"actors.{actor.name}.{name}"]
            assert number.value == getattr(actor.params, name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: A small", "title: Another small"),
        ("    label: The Brigade\n", ""),
        ("range: [0.07, 0.7]", "range: [0.01, 0.9]"),
        ("      note: half of what would be one a fortnight\n", ""),
        ("    obedience: 60 %", "    obedience:   '0.6'   # as was"),
        ("basis: coded, source: op-ed-2020-07-05, r", "basis: assumed, r"),
        ("status: provisional", "status: checked"),
    ],
)
def test_digest_ignores_words_and_formatting(scenario, old, new):
    """Notes, labels, titles, sources, ranges and formatting leave the digest alone."""
    text = FILE.read_text("utf-8")
    assert text.count(old) == 1
    assert resolved(text.replace(old, new)).digest == scenario.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    obedience: 60 %", "    obedience: 60.0000000000001 %"),
        ("killed_militia: 5", "killed_militia: 6"),
        ("date: 2020-02-10T06:30", "date: 2020-02-10T06:31"),
        ("known_from: 2019-12-20", "known_from: 2019-12-21"),
        ("utc_offset_hours: 3", "utc_offset_hours: 4"),
        ("[leader_killing, base_handover]", "[leader_killing]"),
        ("attributed: 0.05", "attributed: 0.06"),
        ("      host: 200", "      host: 201"),
        ("  rung_window: 14 days", "  rung_window: 15 days"),
    ],
)
def test_digest_follows_every_value(scenario, old, new):
    """A change of any value changes the digest."""
    text = FILE.read_text("utf-8")
    assert text.count(old) == 1
    assert resolved(text.replace(old, new)).digest != scenario.digest


def test_scenario_survives_pickling(scenario):
    """A scenario can be sent to another process."""
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_all_numbers_are_finite(scenario):
    """No number of a resolved scenario is infinite or undefined."""
    for number in scenario.cited:
        assert all(map(math.isfinite, (number.value, number.low, number.high)))
        assert number.low <= number.value <= number.high


def test_text_in_a_dump_is_read_back_as_text():
    """Titles and notes that look like something else survive the dump."""
    for title in (
        "1e-3",
        "no",
        "null",
        "2020",
        "a: b",
        'say "so"',
        "- x",
        "[a",
        "é\\n",
    ):
        quoted = "'" + title.replace("'", "''") + "'"
        text = FILE.read_text("utf-8")
        old = "title: A small confrontation that never happened"
        first = resolved(text.replace(old, f"title: {quoted}"))
        assert first.title == title
        assert resolved(dump_yaml(first)).title == title


def test_file_is_found_by_path_or_id(tmp_path, monkeypatch):
    """A bare id names a shipped scenario; anything else is a path."""
    shipped = {"iraq_x": tmp_path / "iraq_x.yaml"}
    monkeypatch.setattr("sim.scenario.load.shipped_scenarios", lambda: shipped)
    assert find("iraq_x") == tmp_path / "iraq_x.yaml"
    assert find(str(FILE)) == FILE
    with pytest.raises(ScenarioError, match="did you mean 'iraq_x'"):
        find("iraq_y")


def test_shipped_scenarios_are_the_files_of_the_folder(tmp_path, monkeypatch):
    """The shipped scenarios go by the stems of their files; no folder, no scenario."""
    (tmp_path / "iraq_x.yaml").write_text("", "utf-8")
    monkeypatch.setattr("sim.scenario.load.data_folder", lambda _: tmp_path)
    assert shipped_scenarios() == {"iraq_x": tmp_path / "iraq_x.yaml"}

    def missing(_):
        raise FileNotFoundError

    monkeypatch.setattr("sim.scenario.load.data_folder", missing)
    assert shipped_scenarios() == {}


def test_calibrated_number_keeps_its_manifest():
    """The manifest of a calibrated number survives resolving and dumping."""
    text = FILE.read_text("utf-8")
    old = "      basis: assumed\n      range: [0.07"
    new = "      basis: calibrated\n      source: op-ed-2020-07-05\n"
    new += "      manifest: fits/first.json\n      range: [0.07"
    first = resolved(text.replace(old, new))
    (number,) = (c for c in first.cited if c.manifest)
    assert number.path == "actors.brigade.base_rate"
    assert bare(resolved(dump_yaml(first))) == bare(first)


def test_required_role_must_be_filled():
    """A role that a kind requires must be there and hold somebody."""
    sponsor = KINDS["sponsor"]
    role = sponsor.roles[0]._replace(is_required=True)
    kinds = {**KINDS, "sponsor": sponsor._replace(roles=(role,))}
    text = FILE.read_text("utf-8")
    for filled, message in (
        ("{clients: []}", f"is empty; it needs at least one: {role.meaning}"),
        ("{}", f"is missing: {role.meaning}"),
    ):
        wrong = text.replace("{clients: [brigade]}", filled)
        with pytest.raises(ScenarioError) as caught:
            resolve(parse(wrong, "<text>"), kinds, shipped_sources())
        (fault,) = caught.value.faults
        assert (fault.where, fault.message) == ("actors.patron.roles.clients", message)


def test_default_of_a_kind_is_cited():
    """A parameter that its table has a default for may be left out."""
    sponsor = KINDS["sponsor"]
    hints = get_type_hints(sponsor.params, include_extras=True)
    make: Any = NamedTuple
    params = make("Params", {**hints, "new": Share}.items())
    params._field_defaults.update(sponsor.params._field_defaults, new=0.5)
    kinds = {**KINDS, "sponsor": sponsor._replace(params=params)}
    scenario = resolve(parse(FILE.read_text("utf-8"), "x"), kinds, shipped_sources())
    (number,) = (c for c in scenario.cited if c.path == "actors.patron.new")
    assert (number.value, number.note) == (0.5, "default of the kind")
    assert scenario.actors[2].params.new == 0.5


def test_parameter_may_not_take_the_name_of_a_section():
    """A kind whose parameter is called like a section of actors is refused."""

    class Params(NamedTuple):
        roles: Share

    kinds = {"sponsor": KINDS["sponsor"]._replace(params=Params)}
    with pytest.raises(TypeError, match="a parameter cannot be named roles"):
        resolve(parse("schema: 1", "x"), kinds, shipped_sources())
