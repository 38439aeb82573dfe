"""What can be said about each component: its arguments, and where they stand in the manifest."""
