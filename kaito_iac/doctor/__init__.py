"""Looks at what a deployment needs around it: tools, packages, files, the program and the cluster."""
