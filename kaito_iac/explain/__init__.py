"""Explains codes and components, from the sources that also make the reference pages."""
