"""Reminder campaigns: the attempts as a queue, what became of them, and the door of the dialer."""
