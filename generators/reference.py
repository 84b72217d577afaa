"""``docs/reference.md`` as a whole, from the code; ``pages.py`` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import reference_tables as tables
import scenario_tables

from sim.rules.registry import KINDS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "reference.md"
_NAMES: Final = {
    "militia": "Militia",
    "host_government": "Host government",
    "sponsor": "Sponsor",
    "foreign_power": "Foreign power",
}


def reference() -> str:
    """Return the whole page."""
    kinds = "\n".join(
        f"### Kind: {_NAMES.get(name, name)} (`{name}`)\n\n{tables.kind(kind)}"
        for name, kind in KINDS.items()
    )
    return f"""# Reference

Written by `python generators/pages.py` from the code; do not edit it. What the
parameters do is in [the model's description](model.md); how to use all this, in the
[tutorial](tutorial.md) and the [how-to page](howto.md).

## Verbs

`escalade VERB --help` says the same. Results go to stdout, everything else to stderr.

{tables.verbs()}
## Scenario file

YAML 1.2, strictly read: no anchors, tags or nulls, no key twice. `escalade schema`
prints the JSON Schema, with which many editors complete and check while you type; the
first line of a file that escalade writes names it, and `escalade schema --in FOLDER`
puts it beside a file. A file of schema 1 is rewritten by `escalade upgrade`.

What actors of a kind, or sites of a class, have in common stands once under `shared`.
What one of them says itself takes the place of it, key by key: of `reach`, `roles` and
`presence` the keys that it does not name stay shared (a `reach` of 0 takes a site out).

A number that nobody gives has its parameter's default and usual range, counts as
assumed and is listed by `escalade check`.
A file with `based_on` is a sibling: it says its `schema`, `id` and `title`, and where
it differs from that one file, which is no sibling itself. `escalade check --resolve`
prints any of them with every number in its place.

### Keys of the file

{tables.keys("file")}
### Keys of a number

`base_rate: 1.1/week` is short for a number with basis `assumed` whose range is the
parameter's usual one, widened where it does not hold the value.

{tables.keys("number")}
### Units

{tables.legal_units()}
### Keys of a site

{tables.keys("site")}
### Keys of a means of attack

A file without `means` has `rocket` alone, with the defaults; so has what a means leaves
out. A militia chooses by what it has ready of each (its `means`, 20 where it says none)
and by what it remembers of losing.

{tables.keys("means")}
### Keys of a development

A development does exactly one of `set`, `scale`, `add` and `incident`.

{tables.keys("development")}
### Numbers outside the kinds

{tables.numbers()}
### Keys of an actor

`kind`, `label`, `roles`, `note`; `reach`, where the kind has targets at sites;
`means`, where it attacks by means; and the kind's parameters.

{kinds}
## Records

One row a record: `records/part-NNNNN.parquet` of a run directory, `records()` of what
`sim.replay` and `sim.run` answer
and `Ensemble.records()`. Only rows of type `incident` and origin `simulated` count in
outcomes.

{tables.columns()}
## Outcomes

The columns of `outcomes/part-NNNNN.parquet` and the rows of `summary.csv`. Without a
suffix an outcome is of what the press reported, with `_true` of what happened; and each
site has `share_SITE`. Not a number: undefined (a delay without a strike). `censored`: a
time that may lie beyond the end; its companion `..._happened` says whether it does.

{scenario_tables.outcomes()}
## Errors

Other exit codes: 0, done; 1, an error of escalade itself; 3, also where replications
failed or a `rerun` differs; 130, interrupted; 143, ended by SIGTERM. From Python they
are exceptions of `sim.errors`.

{tables.refusals()}"""


def renew(check: bool) -> bool:
    """Write the page unless `check`; return whether it was stale."""
    page = reference()
    is_stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page
    if is_stale and not check:
        PAGE.write_text(page, encoding="utf-8")
    return is_stale
