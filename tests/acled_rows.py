"""Made-up rows in the columns that ACLED documents, from events that are known."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final, NamedTuple

from sim.importing.codes import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

COLUMNS: tuple[str, ...] = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type",
    "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2",
    "assoc_actor_2", "inter2", "interaction", "civilian_targeting", "iso", "region",
    "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude",
    "geo_precision", "source", "source_scale", "notes", "fatalities", "tags",
    "timestamp",
)  # fmt: skip
ACTORS: Final = {
    "front": "Hill Front",
    "ruritania": "Military Forces of Ruritania (2028-)",
    "maritania": "Military Forces of Maritania (2030-)",
    "unknown_militia": "Unidentified Armed Group (Ruritania)",
    "other:protesters": "Protesters (Ruritania)",
}
SITES: Final = {"harbour": "Port Ruritz", "old_fort": "Fort, old"}
MAP: Final = "\n".join(
    [
        "schema: 1",
        "killed: {maritania: foreign, ruritania: host}",
        "actors:",
        *(f'  "{told}": {name}' for name, told in ACTORS.items()),
        "sites:",
        *(f'  "{told}": {name}' for name, told in SITES.items()),
    ]
)
"""The map by which the rows are read back."""
EXPRESSIBLE: Final = {
    code.act: name for name, code in reversed(codes_of("acled").items())
}
"""By act, the first sub-event type that means it."""


class Known(NamedTuple):
    """An event, as the record of a scenario would have it."""

    day: date
    act: str
    actor: str
    target: str
    site: str
    killed: int


def acled_text(
    events: Iterable[Known], *, separator: str = ",", line_end: str = "\n"
) -> str:
    """Return a file of ACLED's columns, a row for each event that a code can tell."""
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, COLUMNS, restval="", delimiter=separator, lineterminator=line_end
    )
    writer.writeheader()
    for number, event in enumerate(events, 1):
        if event.act in EXPRESSIBLE:
            row: dict[str, object] = {
                "event_id_cnty": f"RUR{number}",
                "event_date": event.day,
                "year": event.day.year,
                "time_precision": 1,
                "sub_event_type": EXPRESSIBLE[event.act].capitalize(),
                "actor1": ACTORS[event.actor],
                "actor2": ACTORS.get(event.target, ""),
                "location": SITES.get(event.site, ""),
                "country": "Ruritania",
                "source": "Made up",
                "notes": f'Number {number}, a "made-up" row{line_end}of two lines.',
                "fatalities": event.killed,
            }
            writer.writerow(row)
    return stream.getvalue()
