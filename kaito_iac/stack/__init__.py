"""A stack as plain data, wherever it comes from."""
