"""Phones that need no account: the simulated handset, the phone in the browser, the phone in a terminal."""
