"""Spineline: a phone line that explains procedures for spinal compression fractures in the caller's own language.

`ivr.wiring.create_app` puts the parts together. Importing this package alone loads nothing.
"""
