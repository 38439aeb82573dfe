"""Quota tables: read from the cloud, written to a file, shown by region and family."""
