"""Statistics on arrays: one question per module, arrays in, a frozen dataclass out."""
