"""One replication: the SimPy driver, and beside it the compiled one of the same rules.

No name of an actor or a kind, and no outcome; only this room imports SimPy.
"""
