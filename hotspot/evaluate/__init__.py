"""The proof: detectors against cities with known truth and against real history."""
