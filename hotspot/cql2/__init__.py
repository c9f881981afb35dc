"""Filters in the Common Query Language of the OGC (CQL2): from text to a tree whose types are checked."""
