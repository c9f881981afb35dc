"""Pages on which people browse what the interface tells programs; each shows the JSON of its address."""
