"""Data of a tuning job, looked at before a GPU is bought: its rows, its columns, and what a training makes of them."""
