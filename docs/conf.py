"""How Sphinx builds the site: ``make docs``."""

from importlib.metadata import version as version_of

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
