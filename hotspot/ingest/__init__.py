"""Files in: incidents, boundaries and mappings, each row accepted or refused with a reason."""
