"""Preset, stack configuration and arguments in; a checked specification out, or every problem at once."""
