"""Events told in ACLED's columns and read back are the same, as far as it can tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError, SimError
from sim.importing.codes import acts_without_code
from sim.importing.reader import import_events
from sim.ladder import ACTS, name_of
from sim.scenario.event_table import read_event_table
from tests.acled_rows import ACTORS, EXPRESSIBLE, MAP, SITES, Known, acled_text

if TYPE_CHECKING:
    from sim.importing.events import ImportedEvents

EVENTS = st.lists(
    st.builds(
        Known,
        day=st.dates(date(2031, 1, 1), date(2031, 12, 31)),
        act=st.sampled_from([name_of(row.act) for row in ACTS[1:]]),
        actor=st.sampled_from([*ACTORS]),
        target=st.sampled_from(["", *ACTORS]),
        site=st.sampled_from(["", *SITES]),
        killed=st.integers(0, 300),
    ),
    min_size=1,
)
SIDES = {"maritania": "foreign", "ruritania": "host"}


def imported(folder: Path, content: bytes, who: bytes) -> ImportedEvents:
    """Read a file by a map, both given as bytes."""
    (folder / "acled.csv").write_bytes(content)
    (folder / "map.yaml").write_bytes(who)
    return import_events(folder / "acled.csv", folder / "map.yaml")


def known(events: ImportedEvents) -> list[Known]:
    """Return what was read in the words of what was told."""
    return [
        Known(
            day=event.date_start,
            act=event.act,
            actor=event.actor,
            target=event.target,
            site=event.site,
            killed=sum(event.amounts.values()),
        )
        for event in events.events
    ]


def agree(told: list[Known], folder: Path) -> None:
    """Hold what was read, and the record that is written of it, to what was told."""
    events = imported(folder, acled_text(told).encode(), MAP.encode())
    possible = [event for event in told if event.act in EXPRESSIBLE]
    assert known(events) == possible
    assert events.n_rows == len(possible)
    for event, truth in zip(events.events, possible, strict=True):
        side = f"killed_{SIDES.get(truth.target, 'other')}"
        assert event.amounts == ({side: truth.killed} if truth.killed else {})
    lost = {event.act for event in told} - EXPRESSIBLE.keys()
    private = {name_of(row.act) for row in ACTS[1:] if row.visibility == 2}
    assert lost - private <= {*acts_without_code("acled")}
    said = next(text for text in events.unseen() if text.startswith("no code of acled"))
    assert all(act in said for act in lost - private)
    events.write(folder / "events.csv")
    record = read_event_table(folder / "events.csv", is_record=True)
    rows = [
        Known(
            day=row.day,
            act="other" if row.act is None else name_of(row.act),
            actor=row.actor,
            target=row.target,
            site=row.site,
            killed=sum(row.amounts.values()),
        )
        for row in record.events
    ]
    assert rows == sorted(possible, key=lambda event: event.day)


@given(told=EVENTS)
def test_what_acled_can_tell_comes_back(
    told: list[Known], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Day, act, actors, site and dead are those told; acts that are lost are said."""
    agree(told, tmp_path_factory.mktemp("acled"))


def drawn(n: int) -> list[Known]:
    """Return events that ACLED can tell, drawn with a fixed seed."""
    chance = Random(14)
    return [
        Known(
            day=date.fromordinal(date(2031, 1, 1).toordinal() + chance.randrange(365)),
            act=chance.choice([*EXPRESSIBLE]),
            actor=chance.choice([*ACTORS]),
            target=chance.choice(["", *ACTORS]),
            site=chance.choice(["", *SITES]),
            killed=chance.randrange(5),
        )
        for _ in range(n)
    ]


def test_two_hundred_rows_come_in(tmp_path: Path) -> None:
    """200 made-up rows are what they were made from; nothing is lost."""
    agree(drawn(200), tmp_path)


def mutated(content: bytes, chance: Random) -> bytes:
    """Return bytes of which a few were lost, doubled, changed or put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        end = at + chance.choice([0, 1, 1, 30])
        odd = bytes(
            chance.choices(b'",;\n\r\t\0\xe9\xff:?-9a {[', k=chance.randint(0, 3))
        )
        content = (
            content[:at] + odd + chance.choice([b"", content[at:end]]) + content[end:]
        )
    return content or b"x"


@pytest.mark.parametrize("seed", range(150))
def test_a_mutated_file_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    """Never a traceback: each fault has a line of the file, or is of the whole file."""
    chance = Random(seed)
    content, who = acled_text(drawn(12)).encode(), MAP.encode()
    if seed % 2:
        content = mutated(content, chance)
    else:
        who = mutated(who, chance)
    try:
        imported(tmp_path, content, who).write(tmp_path / "events.csv")
    except SimError as error:
        refusal = error
    else:
        read_event_table(tmp_path / "events.csv", is_record=True)
        return
    if isinstance(refusal, ScenarioError):
        file = Path(refusal.path).read_bytes()
        n_lines = file.count(b"\n") + file.count(b"\r") + 1
        assert all(0 <= fault.line <= n_lines for fault in refusal.faults)
    else:
        assert "fill in" in str(refusal)
