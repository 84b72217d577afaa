"""The command line: one file a verb or two, and the only place that prints or exits."""
