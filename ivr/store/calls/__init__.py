"""What a call waits for, and what it leaves behind: the door of the line."""
