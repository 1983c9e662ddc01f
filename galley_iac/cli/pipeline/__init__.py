"""What ``galley ci`` is made of: the event, what is true now, what is done about it, and what is said."""
