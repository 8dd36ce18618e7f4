"""The line's own facts: what it says beside any topic, and where that comes from.

The first two are the legal notice of an educational line. E1 is standing practice for health lines (RULES M7). Rule
kept here: every notice is carried by one of the line's own phrases; `flask line facts` prints the trace.
"""

from ivr.line.topics import Fact

SECTION = "notice"

NOTICES: dict[str, Fact] = {
    fact.id: fact
    for fact in (
        Fact("N1", SECTION, "this is an educational aid only, not medical advice for one person's condition"),
        Fact(
            "N2",
            SECTION,
            "ask a doctor, nurse or pharmacist whether it is safe and effective for oneself before following it",
        ),
        Fact(
            "E1",
            SECTION,
            "in an emergency: hang up and call the emergency number ({911}) "
            "(not from the source: standing practice for health lines)",
            "emergency",
        ),
    )
}
"""By id, in the order of the trace."""
