"""The scenario file as people write it, and the schema that editors use."""

from typing import Any

import pytest

from sim.reading.strict_yaml import read
from sim.rules.behaviour import parameter_table
from sim.rules.registry import KINDS
from sim.scenario.form import DIFFERENCES, OWN
from sim.scenario.load import shipped_scenarios
from sim.scenario.schema import (
    SCHEMA_FILE,
    SCHEMA_LINE,
    file_model,
    json_schema,
    meaning_of,
    write_schema,
)
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


def test_only_its_kind_is_required_of_an_actor():
    """All else is shared, or has a default that the schema gives."""
    for name, kind in KINDS.items():
        assert SCHEMA["$defs"][name]["required"] == ["kind"]
        properties = SCHEMA["$defs"][name]["properties"]
        for parameter, row in parameter_table(kind).items():
            assert properties[parameter]["default"] == row.default


def test_what_may_be_shared_is_what_an_entry_may_say():
    """Numbers, roles and reach may be shared; what makes one itself may not."""
    shared = SCHEMA["properties"]["shared"]["properties"]
    militia = shared["actors"]["properties"]["militia"]["properties"]
    assert {"base_rate", "reach", "roles"} <= militia.keys()
    assert not militia.keys() & {"kind", "label", "note"}
    assert "exposed_host" in shared["sites"]["additionalProperties"]["properties"]


def test_a_sibling_needs_less():
    """A file with a base needs its head only; one without needs all sections."""
    assert SCHEMA["required"] == ["schema", "id", "title"]
    assert SCHEMA["if"] == {"required": ["based_on"]}
    assert {"actors", "start", "end"} <= set(SCHEMA["else"]["required"])
    assert {*OWN, *DIFFERENCES} <= SCHEMA["properties"].keys()


def test_the_schema_beside_the_shipped_scenarios_is_the_code_s(tmp_path):
    """The file that editors read there is what the command writes."""
    shipped = shipped_scenarios()["iraq_2019_2020"].with_name(SCHEMA_FILE)
    assert shipped.read_bytes() == write_schema(tmp_path).read_bytes()
    for file in shipped_scenarios().values():
        assert file.read_text("utf-8").startswith(f"{SCHEMA_LINE}\n")


def allowed(schema, data, where=""):
    """Yield where data says what the schema, read as far as it is used, forbids."""
    if "$ref" in schema:
        target = SCHEMA
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    forms = schema.get("anyOf") or schema.get("oneOf")
    if forms:
        if all(list(allowed(form, data, where)) for form in forms):
            yield where
        return
    sorts: Any = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
    }
    sort = sorts.get(schema.get("type"), object)
    if not isinstance(data, sort):
        yield where
    elif isinstance(data, dict):
        for key in schema.get("required", []):
            if key not in data:
                yield f"{where}.{key}"
        for key, value in data.items():
            below = schema.get("properties", {}).get(key)
            if below is None:
                below = schema.get("additionalProperties", {})
            if below is False:
                yield f"{where}.{key}"
            elif isinstance(below, dict):
                yield from allowed(below, value, f"{where}.{key}")
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from allowed(schema.get("items", {}), value, f"{where}.{place}")


@pytest.mark.parametrize("file", shipped_scenarios().values(), ids=lambda f: f.stem)
def test_shipped_files_are_legal_by_the_schema(file):
    """An editor finds no fault in them, and finds one that is planted."""
    data: Any = read(file).data
    assert list(allowed(SCHEMA, data)) == []
    assert list(allowed(SCHEMA, {**data, "actor": {}})) == [".actor"]
    shared = {"actors": {"militia": {"base_rat": 3}}}
    assert list(allowed(SCHEMA, {**data, "shared": shared})) == [
        ".shared.actors.militia.base_rat"
    ]


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
