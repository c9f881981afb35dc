"""A published week as one HTML file that opens anywhere and asks nobody for anything."""
