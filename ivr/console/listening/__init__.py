"""The listening page: every clip of every language beside its words, for staff and reviewers."""
