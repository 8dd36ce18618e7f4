"""What staff see and do: the door of the pages and commands."""
