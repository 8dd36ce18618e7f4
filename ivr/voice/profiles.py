"""What the networks that understand TwiML differ in, as far as our documents are concerned: one row each.

Every document is made of what all of them take: absolute addresses, recorded quiet in place of a `<Pause>`, a
`<Redirect>` or `<Hangup>` at the end. What is left is how a network is told that no key ends what is keyed in.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class NetworkProfile:
    """One kind of network. `no_finish_key` is what its Gather takes as `finishOnKey`, so that # arrives as a digit."""

    name: str
    no_finish_key: str
    what_it_is: str


PROFILES: dict[str, NetworkProfile] = {
    profile.name: profile
    for profile in (
        NetworkProfile("twilio", "", "Twilio: an empty finishOnKey lets # arrive as a digit."),
        NetworkProfile(
            "hash-ends",
            "D",
            "Engines that take an empty finishOnKey for #: D is a key of the standard that no telephone has.",
        ),
    )
}
"""By the name that the setting TWILIO_PROFILE gives."""
