"""A real forge, driven as a team does: its deliveries, its API, and what the command makes of them."""
