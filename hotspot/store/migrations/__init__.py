"""How the tables came about; run by `hotspot.store.schema`."""
