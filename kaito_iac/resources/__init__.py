"""KAITO's kinds, and the few Kubernetes kinds beside them, as Pulumi resources with their real top-level fields."""
