"""The Pulumi program that declares one preview; see docs/pulumi.md for its configuration."""

from galley_iac.program.main import main

main()
