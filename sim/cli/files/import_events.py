"""``escalade import``: event data that others coded, as the record of a scenario."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.present import print_table
from sim.verbs.watch import say


def import_verb(
    form: Annotated[
        str,
        typer.Argument(metavar="acled|csv", help="What ACLED exports; or any table."),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The table of events.")],
    map_file: Annotated[
        Path,
        typer.Option(
            "--map",
            metavar="MAP.yaml",
            help="Who is who; drafted from FILE where it is not there.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the record is written.")
    ] = Path("events.csv"),
    renew: Annotated[
        bool, typer.Option("--renew", help="Write over what is there.")
    ] = False,
) -> None:
    """Bring event data of ACLED, or coded by CAMEO or PLOVER, into a record."""
    from sim.verbs.files.import_events import import_events

    imported = import_events(file, map_file, form=form, out=out, renew=renew).result
    counts = Counter((event.code, event.act) for event in imported.events)
    rows = [(code, act, f"{n:,}") for (code, act), n in counts.most_common()]
    print_table(("code", "act", "rows"), rows, numbers=(2,))
    print(out)
    for remark in imported.remarks():
        say(remark)
    say(f"{len(imported.events):,} of {imported.n_rows:,} rows are in {out}")
    source = "" if imported.source else "; say in the map where it is from (`source`)"
    say(
        f"next: name it in your scenario, record: {out.name}, and its source in "
        f"sources: sources.yaml{source}; escalade check holds its acts against the "
        "kinds of its actors"
    )
