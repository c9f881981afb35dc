"""Facts, mapping files and the schematic geography that ship with the project."""
