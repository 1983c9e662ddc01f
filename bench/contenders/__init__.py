"""Who is measured: each contender brings the same application up in its own way."""
