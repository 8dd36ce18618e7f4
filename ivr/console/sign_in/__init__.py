"""Signing in and out, and the guard before pages that are for staff only."""
