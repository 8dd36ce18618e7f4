"""Campaigns: the list of appointments, the rules, the queue, and the dialer."""
