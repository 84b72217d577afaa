"""Numbers in, numbers out: no clock, no chance, no file, no schema."""
