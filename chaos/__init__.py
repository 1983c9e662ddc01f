"""Faults at random moments: the commands are cut off, and whatever comes next has to put it right."""
