"""The settings: their rows, how each kind is read, and the first ones of a new machine."""
