"""Opinions: which model on which size with which settings, one YAML file each, and why."""
