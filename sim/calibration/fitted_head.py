"""The head of a fitted scenario's file, and how its texts are written."""

from __future__ import annotations

import json
import re
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from sim.calibration.joint_point import RULE
from sim.reading.slot import as_mapping
from sim.scenario.calibrated import SHORT, SUFFIX

if TYPE_CHECKING:
    from sim.experiment.posterior import Posterior
    from sim.reading.tree import Keys, Plain

_WIDTH: Final = 88
_LONGEST: Final = 170
"""Letters of a title that leave room for what is added."""


def said_first(posterior: Posterior, identity: str) -> str:
    """Return the comment that the file begins with."""
    made = posterior.made
    words = (
        f"{identity} is {made['scenario']} with {len(posterior.paths)} numbers fitted "
        f"to its record by {made['experiment']}, posterior {posterior.digest[:SHORT]}; "
        f"{identity}{SUFFIX} has them again. Written by escalade new scenario "
        f"{identity} --posterior; do not edit it but write it anew. The head of "
        f"{made['scenario']} follows."
    )
    return "".join(f"{line}\n" for line in wrap(words, _WIDTH, initial_indent="# ",
                                                 subsequent_indent="# "))  # fmt: skip


def head_of(posterior: Posterior, identity: str, data: Plain) -> dict[Keys, list[str]]:
    """Return the lines of the file's head that change."""
    made, top = posterior.made, as_mapping(data)
    title = f"{str(top['title'])[:_LONGEST]}, fitted to its record"
    note = (
        f"{made['scenario']} with {len(posterior.parameters)} parameters "
        f"({len(posterior.paths)} numbers, basis calibrated) fitted to "
        f"{len(made['targets'])} statistics of its record: "
        f"{', '.join(one['name'] for one in made['targets'])}. These statistics are no "
        "test of it. The values are one plausible joint point of the posterior "
        f"{posterior.digest[:SHORT]}, the {RULE}; they are not the numbers' own "
        "medians, and other points are as plausible. What is not known of them is in "
        "the posterior: escalade compare --posterior carries it into an answer. A "
        "number's range is the posterior's 5 to 95 %, and no prior: a new fit needs "
        "priors of its own."
    )
    if before := str(top.get("note", "")):
        note += f" Of the other numbers {made['scenario']} says: {before}"
    status = ["status: provisional"]
    lines = ["note: >-", *wrapped(note, 2, 0)]
    where: dict[Keys, list[str]] = (
        {("status",): status, ("note",): lines}
        if before
        else {("status",): [*status, *lines]}
    )
    return where | {
        ("id",): [f"id: {identity}"],
        ("title",): [f"title: {quoted(title)}"],
    }


def quoted(text: str) -> str:
    """Write a text for YAML, in quotes where it would be read as something else."""
    is_plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,.()/-]*|1/[a-z]+", text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def wrapped(text: str, margin: int, outer: int) -> list[str]:
    """Return a text as lines that fit, `outer` being what is put before them later."""
    lines = wrap(text, _WIDTH - margin - outer, break_long_words=False,
                 break_on_hyphens=False)  # fmt: skip
    return [" " * margin + line for line in lines]
