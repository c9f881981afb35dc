"""Who may see what, and the log of who saw it: a door in front of all routes."""
