"""Whether a file has the right shape: pydantic finds out, and we say it plainly.

Every file that people write is described by a model of sections (`Section`), and read
the same way: all that is wrong with it is noted, each fault at its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from functools import lru_cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from sim.errors import Hinted, nearest, one_of
from sim.reading.faults import FaultList, Readable
from sim.reading.scalar import shorten, shown
from sim.reading.slot import as_list, as_mapping
from sim.reading.tree import Keys, Plain

NAME: Final = r"[a-z][a-z0-9_]*"
DAY: Final = r"\d{4}-\d{2}-\d{2}"
MOST_NOTED: Final = 5_000
"""Wrong places that are looked at; of a file with more, the others are counted."""
_LONGEST_NAME: Final = 64


class Section(BaseModel):
    """A mapping of a file: no other keys than its own, no value converted."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )
    nouns: ClassVar[Mapping[str, str]] = {}
    """By field, what its allowed words are: 'a basis; bases'."""
    gone: ClassVar[Mapping[str, str]] = {}
    """By field that it had once, what is said of it now."""


def _whole(raw: Any) -> Any:
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def _listed(raw: Any) -> Any:
    return [raw] if isinstance(raw, str) else raw


def known_schema(*versions: int) -> Callable[[Any], Any]:
    """Return a check that a version is one of these; true is equal to 1, and none."""

    def check(raw: Any) -> Any:
        if isinstance(raw, bool):
            listed = one_of(map(str, versions))
            message = f"{shown(raw)} is not a known schema; schemas: {listed}"
            raise ValueError(message)
        return raw

    return check


SchemaOne: TypeAlias = Annotated[Literal[1], BeforeValidator(known_schema(1))]
"""The version of a file's format."""
Name: TypeAlias = Annotated[
    str, StringConstraints(pattern=f"^{NAME}$", max_length=_LONGEST_NAME)
]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=10_000)]
Words: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
"""Text that is not empty."""
Whole: TypeAlias = Annotated[int, BeforeValidator(_whole)]
"""A whole number, written as one or as 1e3."""
OneOrMore: TypeAlias = Annotated[list[str], BeforeValidator(_listed)]
"""Texts; a single one may stand without a list."""

_IN_KEY = "[key]"  # pydantic's last step when a mapping's key is wrong, not its value
_MAPPING: Final = "a mapping; write 'key: value' lines"
_NOUNS: Final = {
    "basis": "a basis; bases",
    "kind": "a kind; kinds",
    "shape": "a shape; shapes",
    "status": "a status; it is one of",
    "confidence": "a confidence; it is one of",
    "schema": "a known schema; schemas",
}

Model = TypeVar("Model", bound=BaseModel)


def check_structure(
    faults: FaultList,
    model: type[Model],
    data: object = None,
    keys: Keys = (),
) -> Model | None:
    """Note every place where data has not the shape that its model asks for.

    Parameters
    ----------
    faults
        Takes what is wrong.
    model
        The section that the data is to be.
    data
        What stands at `keys`; the whole file when None.
    keys
        Where it stands in the file.

    Returns
    -------
    Model or None
        The data as the model has it, where nothing is wrong.

    Raises
    ------
    ScenarioError
        If more than `MOST_NOTED` places are wrong; the others are counted.
    """
    try:
        return model.model_validate(faults.document.data if data is None else data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details[:MOST_NOTED]:
            _note(faults, model, keys, detail)
        if len(details) > MOST_NOTED:  # to read on is no help
            faults.n_more += len(details) - MOST_NOTED
            faults.stop_if_any()
    return None


def checked_file(document: Readable, model: type[Model]) -> Model:
    """Return a file's data as its model has it.

    Raises
    ------
    ScenarioError
        With every fault of the file, each with its line.
    """
    faults = FaultList(document)
    section = check_structure(faults, model)
    faults.stop_if_any()
    assert section is not None  # else there was a fault
    return section


def well_shaped(faults: FaultList, model: type[BaseModel]) -> dict[str, Plain]:
    """Check a file's structure; return its data without the values that are wrong."""
    check_structure(faults, model)
    data = as_mapping(deepcopy(faults.document.data))
    for *parents, last in filter(None, faults.places):
        section: object = data
        for step in parents:
            is_place = isinstance(step, int)
            inside = as_list(section)[step] if is_place else None
            section = inside if is_place else as_mapping(section).get(str(step))
        as_mapping(section).pop(str(last), None)
    return data


def name_fault(name: object) -> str:
    """Say why a text is not a name; say nothing if it is one."""
    if (
        isinstance(name, str)
        and re.fullmatch(NAME, name)
        and len(name) <= _LONGEST_NAME
    ):
        return ""
    form = f"use a to z, 0 to 9 and _, beginning with a letter, at most {_LONGEST_NAME}"
    return f"{shorten(str(name))!r} is not a name; {form}"


def _note(
    faults: FaultList, model: type[BaseModel], keys: Keys, detail: ErrorDetails
) -> None:
    """Note one of pydantic's errors in our words, at its place in the file."""
    annotation: Any = model
    parent: Any = model
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
        if reason := getattr(_bare(parent)[0], "gone", {}).get(name):
            faults.add(keys, reason, at_key=True)
            return
        listed = f"; fields: {one_of(fields)}"
        faults.add(keys, Hinted("unknown field", name, fields, listed), at_key=True)
    elif error.startswith("union_tag"):  # a section whose kind says what it is
        field = str(context["discriminator"]).strip("'")
        sections = _bare(annotation)[1]
        allowed = [choice.__name__ for choice in sections]
        tag = str(context.get("tag", ""))
        if not tag and (misspelt := _misspelt(field, detail["input"], sections)):
            message = f"unknown field; did you mean {field!r}?"
            faults.add((*keys, misspelt), message, at_key=True)
            return
        noun = _NOUNS[field]
        says = f"{shorten(tag)!r} is not {noun}" if tag else f"is missing; {field}s"
        message = Hinted(f"{says}: {one_of(allowed)}", tag, allowed)
        faults.add((*keys, field), message, at_key=not tag)
    elif _IN_KEY in detail["loc"]:
        own = context.get("error")
        message = name_fault(name) if own is None else own.args[0]
        faults.add(keys, message, at_key=True)
    else:
        context = {**context, **_bounds(_fields_of(parent).get(name))}
        nouns = {**_NOUNS, **getattr(_bare(parent)[0], "nouns", {})}
        message = _message(error, detail["input"], context, nouns.get(name, ""))
        faults.add(keys, message)


def _misspelt(field: str, data: object, sections: Iterable[Any]) -> str:
    """Return the key that probably stands for a field that is missing, or nothing."""
    known = {name for section in sections for name in _fields_of(section)}
    unknown = [key for key in as_mapping(data) if key not in known]
    return next((key for key in unknown if nearest(key, [field])), "")


def _step(annotation: Any, step: int | str) -> tuple[Any, bool]:
    """Go one step of pydantic's into an annotation; False for a union's tag."""
    bare, choices = _bare(annotation)
    if len(choices) > 1:  # the step is the section's kind, not a key of the file
        return next((c for c in choices if c.__name__ == step), Any), False
    if get_origin(bare) is dict:
        return get_args(bare)[1], True
    if get_origin(bare) in (list, tuple):
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


@lru_cache(maxsize=128)
def _fields_by_name(section: type[BaseModel]) -> dict[str, Any]:
    return {f.alias or name: f for name, f in section.model_fields.items()}


def _explained(parent: Any, name: str) -> str:
    """Return meaning, range and unit of a missing number, as its section has them."""
    field = _fields_of(parent).get(name)
    return f": {field.description}" if field and field.description else ""


def _bounds(field: Any) -> dict[str, str]:
    """Return the range of a plain number, as its section has it."""
    bounds: dict[str, float] = {}
    for constraint in field.metadata if field else ():
        for side in ("ge", "le"):
            if (bound := getattr(constraint, side, None)) is not None:
                bounds[side] = bound
    if len(bounds) == 1:
        ((side, bound),) = bounds.items()
        extreme = "least" if side == "ge" else "most"
        return {"range": f"{bound:.12g}, the {extreme} that is allowed"}
    shown_bounds = ", ".join(f"{bound:.12g}" for bound in bounds.values())
    return {"range": f"the range [{shown_bounds}]"}


_Context: TypeAlias = Mapping[str, Any]
_SENTENCES: Final[dict[str, Callable[[str, _Context], str]]] = {
    "model_type": lambda value, _: f"{value} is not {_MAPPING}",
    "model_attributes_type": lambda value, _: f"{value} is not {_MAPPING}",
    "dict_type": lambda value, _: f"{value} is not {_MAPPING}",
    "list_type": lambda value, _: f"{value} is not a list; write [a, b]",
    "string_type": lambda value, _: f"{value} is not text; put it in quotes",
    "float_type": lambda value, _: f"{value} is not a number",
    "int_type": lambda value, _: f"{value} is not a whole number",
    "finite_number": lambda value, _: f"{value} is not a finite number",
    "string_too_short": lambda _, __: "is empty",
    "string_too_long": lambda _, c: f"is longer than {c['max_length']} characters",
    "too_short": lambda _, c: f"is {_size(c)}; at least {c['min_length']} is needed",
    "too_long": lambda _, c: f"is {_size(c)}; at most {c['max_length']} are allowed",
    "greater_than": lambda value, c: (
        f"{value} is too low; it must be above {c['gt']:g}"
    ),
    "less_than": lambda value, c: f"{value} is too high; it must be below {c['lt']:g}",
    "greater_than_equal": lambda value, c: f"{value} is below {c['range']}",
    "less_than_equal": lambda value, c: f"{value} is above {c['range']}",
    "value_error": lambda _, c: c["error"].args[0],
}


def _size(context: _Context) -> str:
    """Say how long a list is."""
    length = context["actual_length"]
    if length is None:  # of a mapping, pydantic stops to count
        return "too long"
    return f"{length} long" if length else "empty"


def _message(error: str, value: Any, context: _Context, noun: str) -> str:
    if error == "string_pattern_mismatch":
        return name_fault(value)
    if error == "literal_error":
        allowed = re.findall(r"'([^']*)'", str(context["expected"]))
        listed = one_of(allowed) or context["expected"]
        message = f"{shown(value)} is not {noun or 'allowed; allowed'}: {listed}"
        return Hinted(message, str(value), allowed)
    sentence = _SENTENCES.get(error)
    said = shown(value)
    return sentence(said, context) if sentence else f"{said} is not allowed here"
