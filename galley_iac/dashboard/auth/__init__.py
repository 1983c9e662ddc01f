"""Who may look, and who may act: a token of this home, sessions, or a reverse proxy's word."""
