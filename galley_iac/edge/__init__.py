"""What one router in front of all previews of a host consists of, and who may pass. Pure: names and Caddy's
JSON; ``targets/docker/edge.py`` declares it (docs/edge.md).
"""
