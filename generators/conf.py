"""How Sphinx builds the site: ``make docs``."""

from __future__ import annotations

import re
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "escalade"
author = "the authors of escalade"
version = release = version_of("escalade")

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "alabaster"
html_theme_options = {"description": "A simulator of escalation", "page_width": "64rem"}
html_show_sphinx = False

_OUTWARD = re.compile(r"(?<!!)(\[[^\]]*\]\()(\.\./[^)#]+)(\))")


def carry_files_from_beside(_: Sphinx, __: str, source: list[str]) -> None:
    """Make a link that leaves this folder one to a copy of its file.

    In the repository it leads to the file itself; the site has only these pages.
    """
    source[0] = _OUTWARD.sub(r"\1<path:\2>\3", source[0])


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("source-read", carry_files_from_beside)
