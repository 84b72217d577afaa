"""How Sphinx builds the site: ``make docs``.

Its sources are the repository's own pages where they lie, README first, so that a link
or a picture leads to the same thing in the repository and on the site.
"""

from __future__ import annotations

import re
import shutil
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]

project = "escalade"
author = project_copyright = "the authors of escalade"
version = release = version_of("escalade")

extensions = ["myst_parser"]
root_doc = "README"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "docs/*.md",
    "scenarios/README.md",
    "seeds/README.md",
    "experiments/**README.md",
]
exclude_patterns = [".*", "docs/_build", "generators", "runs", "sim", "tests"]
myst_heading_anchors = 4
nitpicky = True
smartquotes = False  # two hyphens begin an option

html_theme = "furo"
html_title = f"escalade {version}"
html_favicon = "../docs/pictures/favicon.svg"
html_static_path = html_css_files = ["site.css"]
html_show_sphinx = html_copy_source = False
EXPERIMENTS = sorted(
    folder.parent.relative_to(ROOT).as_posix() + "/README"
    for folder in ROOT.glob("experiments/*/README.md")
)
PAGES = {
    "Begin": ["docs/tutorial", "docs/trust", "docs/responsible"],
    "How to": [
        "docs/howto",
        "docs/why",
        "docs/explorer",
        "docs/forecasts",
        "docs/howto-record",
        "docs/howto-kind",
    ],
    "Look up": ["docs/reference", "docs/python", "docs/experiment"],
    "The model": [
        "docs/model",
        "docs/validation",
        "docs/record_table",
        "docs/mechanisms",
    ],
    "Scenarios and experiments": [
        "scenarios/README",
        "experiments/README",
        "seeds/README",
        *EXPERIMENTS,
    ],
    "The project": [
        "docs/design",
        "docs/performance",
        "docs/releases",
        "CHANGELOG",
        "docs/contributing",
    ],
}
"""What the site's navigation lists, by heading."""


def add_navigation(_: Sphinx, page: str, source: list[str]) -> None:
    """List the pages under README, and lead a link to a folder to its README."""
    source[0] = re.sub(r"\]\(([\w./]+/)\)", r"](\1README.md)", source[0])
    if page == root_doc:
        for heading, names in PAGES.items():
            entries = "\n".join(f"/{name}" for name in names)
            source[0] += (
                f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{entries}\n```\n"
            )


def open_with_readme(app: Sphinx, exception: Exception | None) -> None:
    """Let the folder of the site open with README."""
    if exception is None:
        shutil.copyfile(app.outdir / "README.html", app.outdir / "index.html")


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("source-read", add_navigation)
    app.connect("build-finished", open_with_readme)
