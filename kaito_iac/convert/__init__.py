"""Makes stack programs of manifests: pure text, nothing is registered or created."""
