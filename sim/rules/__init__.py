"""What actors do and what incidents do to the world: pure scalar functions.

No clock, random generator, file, schema, SimPy or pydantic: numbers in, numbers out.
"""
