"""Kubernetes as it reads and refuses objects: YAML, names, types, schemas, schedules, pods."""
