"""The colours of every picture, told apart by colour-blind readers."""

from __future__ import annotations

from typing import Final

COLOURS: Final = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7",
    "#56b4e9", "#b58900", "#000000", "#7f7f7f",
)  # fmt: skip
"""Okabe and Ito (2008), told apart by colour-blind readers; the yellow is darkened."""

RECORD_COLOUR: Final = "#d55e00"
MODEL_COLOUR: Final = "#0072b2"
BAND_COLOUR: Final = "#9ecae1"
DEATH_COLOUR: Final = "#b2182b"
MUTED: Final = "#595959"
GRID: Final = "#e3e3e3"
