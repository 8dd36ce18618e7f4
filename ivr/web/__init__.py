"""What all pages share: whether the line is well, what it counts, how its pages look."""
