"""The formats in which answers can be had, how one is chosen, and how features are written in each."""
