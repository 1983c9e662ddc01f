"""What the integration tests share: the command, repositories, the engine, and requests through a router."""
