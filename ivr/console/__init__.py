"""Pages for staff. A person signs in by name; an idle session ends (45 CFR 164.312(a))."""
