"""Whether a file has the right shape: pydantic finds out, and we say it plainly."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.errors import Hinted, one_of
from sim.reading.faults import FaultList
from sim.reading.scalar import shorten
from sim.reading.tree import Keys
from sim.rules.behaviour import Kind
from sim.scenario.schema import file_model

_IN_KEY = "[key]"  # pydantic's last step when a mapping's key is wrong, not its value
_MAPPING: Final = "a mapping; write 'key: value' lines"
_CHOICES: Final = {
    "basis": "a basis; bases",
    "kind": "a kind; kinds",
    "status": "a status; it is one of",
    "confidence": "a confidence; it is one of",
    "schema": "a known schema; schemas",
}


def check_structure(faults: FaultList, kinds: Mapping[str, Kind]) -> None:
    """Note every place where a file has not the shape that its schema asks for."""
    model = file_model(kinds)
    try:
        model.model_validate(faults.document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(faults, model, kinds, detail)


def _note(
    faults: FaultList,
    model: type[BaseModel],
    kinds: Mapping[str, Kind],
    detail: ErrorDetails,
) -> None:
    """Note one of pydantic's errors in our words, at its place in the file."""
    annotation: Any = model
    parent: Any = model
    keys: Keys = ()
    for step in detail["loc"]:
        parent = annotation
        annotation, is_key = _step(annotation, step)
        if is_key and step != _IN_KEY:
            keys = (*keys, step)
    error, context = detail["type"], detail.get("ctx", {})
    name = str(keys[-1]) if keys else ""
    if error == "missing":
        faults.add(keys, f"is missing{_explained(parent, name)}", at_key=True)
    elif error == "extra_forbidden":
        fields = _fields_of(parent)
        listed = f"; fields: {one_of(fields)}"
        faults.add(keys, Hinted("unknown field", name, fields, listed), at_key=True)
    elif error.startswith("union_tag"):  # the discriminator of the actors
        found = str(context.get("tag", ""))
        says = f"{shorten(found)!r} is not a kind" if found else "is missing"
        message = Hinted(f"{says}; kinds: {one_of(kinds)}", found, kinds)
        faults.add((*keys, "kind"), message, at_key=not found)
    elif _IN_KEY in detail["loc"]:
        faults.add(keys, _bad_name(name), at_key=True)
    else:
        context = {**context, **_bounds(_fields_of(parent).get(name))}
        faults.add(keys, _message(error, detail["input"], context, name))


def _step(annotation: Any, step: int | str) -> tuple[Any, bool]:
    """Go one step of pydantic's into an annotation; False for a union's tag."""
    bare, choices = _bare(annotation)
    if len(choices) > 1:  # actors: the step is the kind, not a key of the file
        return next((c for c in choices if c.__name__ == step), Any), False
    if get_origin(bare) is dict:
        return get_args(bare)[1], True
    if get_origin(bare) is list:
        return get_args(bare)[0], True
    field = _fields_of(bare).get(str(step))
    return (field.annotation if field else Any), True


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """Strip `Annotated` off an annotation; list a union's members."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return annotation, [*get_args(annotation)]
    return annotation, [annotation]


def _fields_of(annotation: Any) -> dict[str, Any]:
    """Return the fields of a section by the name that the file uses."""
    bare = _bare(annotation)[0]
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return _fields_by_name(bare)
    return {}


@lru_cache(maxsize=64)
def _fields_by_name(section: type[BaseModel]) -> dict[str, Any]:
    return {f.alias or name: f for name, f in section.model_fields.items()}


def _explained(parent: Any, name: str) -> str:
    """Return meaning, range and unit of a missing number, as its section has them."""
    field = _fields_of(parent).get(name)
    return f": {field.description}" if field and field.description else ""


def _bounds(field: Any) -> dict[str, str]:
    """Return the range of a plain number, as its section has it."""
    found: dict[str, float] = {}
    for constraint in field.metadata if field else ():
        for side in ("ge", "le"):
            if (bound := getattr(constraint, side, None)) is not None:
                found[side] = bound
    shown = ", ".join(f"{bound:.12g}" for bound in found.values())
    return {"range": f"[{shown}]"}


def _bad_name(name: object) -> str:
    form = "use a to z, 0 to 9 and _, beginning with a letter, at most 64"
    return f"{shorten(str(name))!r} is not a name; {form}"


def _shown(found: Any) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return repr(shorten(found))
    if isinstance(found, dict):
        return "a mapping"
    return "a list" if isinstance(found, list) else str(found)


_Context: TypeAlias = Mapping[str, Any]
_SENTENCES: Final[dict[str, Callable[[str, _Context], str]]] = {
    "model_type": lambda found, _: f"{found} is not {_MAPPING}",
    "model_attributes_type": lambda found, _: f"{found} is not {_MAPPING}",
    "dict_type": lambda found, _: f"{found} is not {_MAPPING}",
    "list_type": lambda found, _: f"{found} is not a list; write [a, b]",
    "string_type": lambda found, _: f"{found} is not text; put it in quotes",
    "float_type": lambda found, _: f"{found} is not a number",
    "int_type": lambda found, _: f"{found} is not a whole number",
    "finite_number": lambda found, _: f"{found} is not a finite number",
    "string_too_short": lambda _, __: "is empty",
    "string_too_long": lambda _, c: f"is longer than {c['max_length']} characters",
    "greater_than_equal": lambda found, c: f"{found} is below the range {c['range']}",
    "less_than_equal": lambda found, c: f"{found} is above the range {c['range']}",
    "value_error": lambda _, c: str(c["error"]),
}


def _message(error: str, found: Any, context: _Context, name: str) -> str:
    if error == "string_pattern_mismatch":
        return _bad_name(found)
    if error == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context["expected"]))
        listed = one_of(allowed) or context["expected"]
        what = _CHOICES.get(name, "allowed; allowed")
        message = f"{_shown(found)} is not {what}: {listed}"
        return Hinted(message, str(found), allowed)
    sentence = _SENTENCES.get(error)
    shown = _shown(found)
    return sentence(shown, context) if sentence else f"{shown} is not allowed here"
