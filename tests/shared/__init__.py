"""Two runners at once: homes of their own, one backend, one engine."""
