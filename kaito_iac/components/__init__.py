"""The components: arguments in, checked specification, resources, outputs."""
