"""Hotspots of incidents: found, tested, ranked and published per ISO week; the library knows no HTTP."""
