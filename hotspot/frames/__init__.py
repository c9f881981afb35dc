"""The methods for people with a notebook: tables with geometry in and out, on a plane in metres."""
