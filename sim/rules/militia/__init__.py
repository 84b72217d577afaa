"""A militia: armed, sponsored from abroad, on the soil of a government it half obeys.

It fires rockets at a foreign power's sites at a rate that rises with what it holds
against that power and with its sponsor's orders, as far as it obeys them. An attack
takes days to prepare and can be broken off. Blows are answered: a strike with
rockets, an arrest with a show of force. Whether it claims an attack is a decision.
"""

from sim.rules.militia.state import MilitiaMemory, MilitiaParams, MilitiaView
from sim.rules.militia.table import KIND

__all__ = ["KIND", "MilitiaMemory", "MilitiaParams", "MilitiaView"]
