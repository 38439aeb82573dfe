"""What KAITO's admission says of a manifest, and what it admits although it cannot work."""
