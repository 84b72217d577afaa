"""The compiled driver: the same rules in an event loop over arrays (numba).

It is not a second model but a second clock: it calls the very functions that the SimPy
driver calls, draws the same keyed uniforms, and writes the same log, bit for bit.
"""
