"""The one line to change to see a new version arrive: nothing but the source layer is rebuilt."""

VERSION = "1.0.0"
