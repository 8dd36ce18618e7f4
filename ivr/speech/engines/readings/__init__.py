"""Pronunciation front-ends of our own: words of one language to the sounds that a voice was taught."""
