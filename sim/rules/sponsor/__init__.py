"""A sponsor: arms militias abroad, gives them orders, and is not always obeyed.

It presses them to attack when its own side has been hit, and tells them to hold when
the foreign power has lost lives, since that risks a blow it does not want. Behind an
order stands the authority of its commander; obeying is the militia's decision.
"""

from sim.rules.sponsor.state import SponsorMemory, SponsorParams, SponsorView
from sim.rules.sponsor.table import KIND

__all__ = ["KIND", "SponsorMemory", "SponsorParams", "SponsorView"]
