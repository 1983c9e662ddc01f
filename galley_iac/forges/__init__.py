"""The forges themselves, over HTTP: what ``forge`` needs to know, and where it is said."""
