"""The arguments of each component, and where they are in the manifest."""
