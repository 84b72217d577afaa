"""The scenario file as people write it, and the schema that editors use."""

from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.schema import file_model, json_schema, meaning_of
from sim.sources import Basis
from sim.units import Dimension, legal_units

SCHEMA = json_schema(KINDS)


def full_form(schema):
    """Return the form of a number that is a mapping."""
    return next(form for form in schema["anyOf"] if form.get("type") == "object")


def test_every_parameter_of_every_kind_is_described():
    """Each parameter's meaning, range and unit stand in the JSON Schema."""
    for name, kind in KINDS.items():
        properties = SCHEMA["$defs"][name]["properties"]
        for parameter, row in parameter_table(kind).items():
            described = properties[parameter]
            assert described["description"] == meaning_of(row)
            units = full_form(described)["properties"]["unit"]["enum"]
            assert units == list(legal_units(row.dimension))


def test_parameters_without_default_are_required():
    """A parameter must be given exactly when its table has no default for it."""
    for name, kind in KINDS.items():
        required = set(SCHEMA["$defs"][name]["required"])
        table = parameter_table(kind)
        without = {n for n, row in table.items() if row.default is None}
        assert required - {"kind"} == without | {
            "roles" for role in kind.roles if role.is_required
        }


def test_bare_numbers_are_legal_only_where_the_unit_1_is():
    """The schema allows a bare number for shares, numbers and counts, not for rates."""
    properties = SCHEMA["$defs"]["militia"]["properties"]
    for parameter, row in parameter_table(KINDS["militia"]).items():
        is_bare = {"type": "number"} in properties[parameter]["anyOf"]
        needs_unit = row.dimension in (Dimension.RATE, Dimension.DURATION)
        assert is_bare is not needs_unit


def test_schema_lists_acts_kinds_roles_and_bases():
    """Acts, kinds, roles and bases are enumerated for editors."""
    text = str(SCHEMA)
    assert "'rocket_attack'" in text
    assert set(KINDS) <= set(SCHEMA["$defs"])
    assert "clients" in SCHEMA["$defs"]["sponsor_roles"]["properties"]
    limits = SCHEMA["$defs"]["Limits"]["properties"]["rung_window"]
    bases = full_form(limits)["properties"]["basis"]["enum"]
    assert bases == [basis.value for basis in Basis]
    assert limits["default"] == 14.0
    assert "'null'" not in text


def test_reach_is_legal_only_for_kinds_that_choose_sites():
    """Only a kind with weights for sites has a section of reach."""
    for name, kind in KINDS.items():
        has_reach = "reach" in SCHEMA["$defs"][name]["properties"]
        assert has_reach is (kind.site_weight is not None)


def test_unknown_fields_are_forbidden_everywhere():
    """No section of the schema allows further keys."""
    sections = [SCHEMA, *SCHEMA["$defs"].values()]
    assert all(section["additionalProperties"] is False for section in sections)


def test_one_kind_alone_makes_a_schema():
    """A registry of a single kind gives a schema too."""
    alone = json_schema({"sponsor": KINDS["sponsor"]})
    assert "sponsor" in alone["$defs"]
    assert "militia" not in alone["$defs"]


def test_models_are_made_once():
    """Asking twice for the model of the same kinds returns the same model."""
    assert file_model(KINDS) is file_model(dict(KINDS))
