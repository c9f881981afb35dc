"""Clustering on arrays: positions in, labels out (-1 is noise)."""
