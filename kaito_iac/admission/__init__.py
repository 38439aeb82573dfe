"""KAITO's admission: what it refuses of a manifest, and what it admits and cannot work."""
