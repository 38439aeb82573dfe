"""Quota tables: read from the cloud, written to a file, told by region and family."""
