"""Files written for people: a new scenario, and an old one in the form that is read.

What is written here is read again before anybody gets it.
"""
