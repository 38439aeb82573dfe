"""Plans of stack programs and saved states."""
