"""The package is ``sim``; ``import escalade`` gives the same names."""

# ruff: noqa: F401
from sim import __all__, __dir__, __getattr__
