"""Vector tiles: the grids that cut the world into them, and what stands in each."""
