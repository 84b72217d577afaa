"""``docs/experiment.md``, from the schema of an experiment; ``pages.py`` writes it."""

from __future__ import annotations

import ast
import inspect
import sys
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
)

from model_tables import code, table

from sim.experiment import schema
from sim.experiment.factor import SHAPES
from sim.reading.structure import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "experiment.md"
_SECTIONS: Final = (
    ("The file", schema.ExperimentFile, ""),
    ("`arms`: an entry", schema.ArmSection, "By name. The first is the reference."),
    ("`factors`: an entry", schema.FactorSection, "By name. One of `path`, `presence` "
     "and `arms` says what it varies."),
    ("`distribution`", schema.DistributionSection, "Besides, by `shape`: "
     + "; ".join(f"`{name}`: {', '.join(map(code, of))}" for name, of in SHAPES.items())
     + "."),
    ("`design`", schema.DesignSection, ""),
    ("`precision`", schema.PrecisionSection, ""),
    ("`calibrate`", schema.CalibrateSection, ""),
    ("`score`", schema.ScoreSection, ""),
    ("`rivals`", schema.RivalsSection, "Beside a section `score`, whose calibration "
     "and origins it uses."),
    ("`rivals.structures`: an entry", schema.StructureSection, "By name. Which "
     "feedbacks there are, `docs/mechanisms.md` lists."),
    ("`rivals.policy`", schema.PolicySection, ""),
)  # fmt: skip


def experiment_page() -> str:
    """Return the whole page."""
    parts = [
        "# Experiment files",
        "Written by `python generators/pages.py` from the schema; do not edit it. "
        "An experiment is one question, one scenario, and what is varied to answer it. "
        "`escalade new experiment NAME` writes a commented one, `escalade check FILE` "
        "names all its faults at once, and `compare` (its arms), `sweep`, "
        "`sensitivity`, `discover`, `ablate`, `calibrate`, `score` and `rivals` run "
        "it. Values are named by path, as `escalade check SCENARIO` lists them.",
    ]
    for title, model, intro in _SECTIONS:
        parts += [f"## {title}", *([intro] if intro else []), _keys(model).rstrip()]
    return "\n\n".join(parts) + "\n"


def _keys(model: type[Section]) -> str:
    """Return the keys of a section.

    Raises
    ------
    ValueError
        If one has no words.
    """
    texts: dict[str, str] = {}
    for owner in reversed(model.__mro__):
        if owner is not Section and issubclass(owner, Section):
            texts |= attribute_texts(owner)
    rows: list[tuple[str, str, str, str]] = []
    for name, field in model.model_fields.items():
        words = (field.description or texts.get(name, "")).rstrip(".")
        if not words:
            message = f"{model.__name__}.{name} has no words"
            raise ValueError(message)
        rows.append(
            (
                code(field.alias or name),
                "yes" if field.is_required() else "no",
                "; ".join(_forms(field.annotation)),
                words[0].lower() + words[1:],
            )
        )
    return table(("Key", "Required", "Form", "Meaning"), rows)


def attribute_texts(owner: type[Any]) -> dict[str, str]:
    """Return the text that stands under each field of a class."""
    (tree,) = ast.parse(dedent(inspect.getsource(owner))).body
    assert isinstance(tree, ast.ClassDef)
    texts: dict[str, str] = {}
    for field, under in pairwise(tree.body):
        is_field = isinstance(field, ast.AnnAssign) and isinstance(
            field.target, ast.Name
        )
        if is_field and isinstance(under, ast.Expr):
            texts[field.target.id] = " ".join(
                str(ast.literal_eval(under.value)).split()
            )
    return texts


def _forms(annotation: Any) -> Iterator[str]:
    """Say how a value is written."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _forms(inner[0])
    elif origin is Literal:
        yield ", ".join(code(str(word)) for word in inner)
    elif origin in (Union, UnionType):
        yield "section"
    elif origin is list:
        yield "list"
    elif origin is dict:
        yield "by name"
    elif isinstance(annotation, type) and issubclass(annotation, Section):
        yield "section"
    else:
        yield {str: "text", int: "whole number", float: "number"}.get(
            annotation, "value"
        )


def renew(check: bool) -> bool:
    """Write the page unless `check`; return whether it was stale."""
    page = experiment_page()
    is_stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page
    if is_stale and not check:
        PAGE.write_text(page, encoding="utf-8")
    return is_stale


if __name__ == "__main__":
    sys.stdout.write(experiment_page())
