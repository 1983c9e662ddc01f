"""Previews through Pulumi's Automation API: the same program, driven by the command or by CI."""
