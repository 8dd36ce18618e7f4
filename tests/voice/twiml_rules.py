"""What every document that the line sends must be: elements, attributes and an ending that networks accept.

No `<Pause>`: some networks end a call at one within a `<Gather>`.
"""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

MOST_BYTES = 64 * 1024
ALLOWED: dict[str, frozenset[str]] = {
    "Response": frozenset(),
    "Play": frozenset(),
    "Say": frozenset({"language"}),
    "Gather": frozenset({"action", "method", "numDigits", "finishOnKey", "timeout"}),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Dial": frozenset({"action", "method", "timeout", "answerOnBridge", "callerId"}),
    "Number": frozenset({"url", "method"}),
}
NESTED = {"Response": set(ALLOWED) - {"Response", "Number"}, "Gather": {"Play", "Say"}, "Dial": {"Number"}}


def faults_of(document: bytes) -> list[str]:
    """Every rule that a document breaks, in words."""
    if not document.startswith(b"<"):
        return ["the first byte is not <"]
    root: Element = fromstring(document)
    faults = ["it is larger than 64 kB"] if len(document) >= MOST_BYTES else []
    if root.tag != "Response" or len(root) == 0 or root[-1].tag not in ("Redirect", "Hangup"):
        faults.append("it does not end in a Redirect or a Hangup")
    return faults + [fault for element in root.iter() for fault in _element_faults(element)]


def _element_faults(element: Element) -> list[str]:
    if element.tag not in ALLOWED:
        return [f"no network knows <{element.tag}>"]
    faults = [f"<{element.tag}> takes no {name}" for name in element.attrib.keys() - ALLOWED[element.tag]]
    faults += [
        f"<{child.tag}> may not stand in <{element.tag}>"
        for child in element
        if child.tag not in NESTED.get(element.tag, set())
    ]
    address = element.text if element.tag in ("Play", "Redirect") else element.get("action") or element.get("url")
    if address is not None and not address.startswith("https://"):
        faults.append(f"<{element.tag}> has an address that is not absolute: {address}")
    return faults


def addresses(document: bytes) -> list[str]:
    """The addresses of all clips in a document."""
    return [str(play.text) for play in fromstring(document).iter("Play")]
