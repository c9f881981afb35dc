"""One module per noun; each route parses, asks the store once and answers."""
