"""The one error tree.

Every error that Spineline raises on purpose derives from `SpinelineError`, so whoever answers a person or the network
(a webhook, a command, a page) catches one name and turns it into words. An error carries what its catcher decides on;
where a person made the mistake, it carries every `Fault` at once, never only the first one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that a person has to mend: where it stands, what is wrong, and what to do.

    `place` is what the person can find: a file with its line ("locales/es/…/spineline.po:12"), a setting's name,
    a prompt's id. `words` is one or two plain sentences.
    """

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place}: {self.words}"


class SpinelineError(Exception):
    """Root of the tree. Never raised itself."""


class FaultsError(SpinelineError):
    """Faults in what a person wrote, all of them; `str()` lists one a line, in the order of their places."""

    title = "Please mend this first"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.title)

    def __str__(self) -> str:
        return "\n".join([f"{self.title} ({len(self.faults)}):", *(f"  {fault}" for fault in self.faults)])


class SettingsError(FaultsError):
    """The environment holds settings that are missing or wrong."""

    title = "Some settings are missing or wrong"


class TopicError(FaultsError):
    """A topic file cannot be read as a topic."""

    title = "A topic file has faults"


class CatalogError(FaultsError):
    """A catalog cannot be read, or says something that the line cannot speak."""

    title = "A catalog has faults"


class TranslationError(SpinelineError):
    """A rule of translations refuses what staff ask for. `field` names the entry that is at fault ("language",
    "reviewer"), for a page to mark or a command to call a bad value; "" where the entries are right and the words in
    the files do not allow it."""

    def __init__(self, words: str, *, field: str = "") -> None:
        self.field = field
        super().__init__(words)


class LineError(FaultsError):
    """The line as a whole breaks one of its rules, so it refuses to start."""

    title = "The line has faults and does not start"


class CampaignError(FaultsError):
    """A campaign breaks rules, so it is neither started nor resumed."""

    title = "The campaign has faults"


class DraftError(FaultsError):
    """A campaign cannot be made so. Each fault's place is the field to mend: name, purpose, topic, days or caller."""

    title = "The campaign cannot be made so"


class CampaignStateError(SpinelineError):
    """The campaign's state does not allow what was asked of it (`verb`: start, discard)."""

    def __init__(self, name: str, state: str, verb: str) -> None:
        self.name, self.state, self.verb = name, state, verb
        super().__init__(f"{name} is {'a draft' if state == 'draft' else state}: it cannot {verb}.")


class NameNotTypedError(SpinelineError):
    """What a person has to type, so that nothing happens by a slip of the hand, is not the campaign's `name`."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("That is not the campaign's name.")


class NotStaffError(SpinelineError):
    """Whoever acts on patients, or wants to see them, is no member of staff who may sign in."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("Say who you are: the name of a member of staff who may sign in.")


class HalfConsentError(SpinelineError):
    """A consent for a whole list has a source and no date, or a date and no source."""

    def __init__(self) -> None:
        super().__init__("Give the source of the consent and its date together.")


class FaultyRowsError(SpinelineError):
    """Rows of a list cannot be read, so nothing of it is kept, unless a person says that the good rows may go ahead.

    `faults` are those that can be shown (a thousand at most), `count` counts them all; `faulty` rows of `rows` have
    one.
    """

    def __init__(self, faults: Iterable[Fault], count: int, faulty: int, rows: int) -> None:
        self.faults, self.count, self.faulty, self.rows = tuple(faults), count, faulty, rows
        super().__init__(f"Nothing is kept: {faulty} of {rows} rows have a fault. Mend them, or keep the good rows.")


class UploadRefusedError(SpinelineError):
    """A campaign does not take a list as it is; `faults` are those of a rehearsal, where that is the reason."""

    def __init__(self, words: str, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__(words)


class UnknownPlaceError(SpinelineError):
    """A request names a language or a node that this line does not have. The caller is led back to the start."""


class StoreError(SpinelineError):
    """The database did not take or give something. `permanent` is false where trying again may help."""

    def __init__(self, words: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(words)


class SpeechError(SpinelineError):
    """Speech could not be made or mastered. `permanent` is false where trying again may help (a busy service)."""

    def __init__(self, words: str, *, permanent: bool = True) -> None:
        self.permanent = permanent
        super().__init__(words)


class VoiceFilesError(FaultsError):
    """Files that a voice speaks from could not be brought."""

    title = "Not all files of the voices could be brought"


class Placement(StrEnum):
    """What is known about a call that the network did not confirm."""

    REFUSED = "refused"
    """The network will never place it: the request itself is at fault."""
    NOT_TAKEN = "not taken"
    """The network did not take it this time. No call left, so it may be tried again."""
    DOUBTFUL = "doubtful"
    """It may have left all the same. Look it up before trying again."""


class NotPlacedError(SpinelineError):
    """The network did not place a call, or not for certain; `placement` tells what is known."""

    def __init__(self, words: str, placement: Placement) -> None:
        self.placement = placement
        super().__init__(words)


class UnspokenError(SpinelineError):
    """A clip is missing in a language that the network cannot speak either: the call is led to a person."""


class TwilioError(SpinelineError):
    """Twilio refused or did not answer; `code` is Twilio's own number for it, where there is one."""

    def __init__(self, words: str, *, code: int | None = None) -> None:
        self.code = code
        super().__init__(words)


class RecipientsError(FaultsError):
    """A clinic's list of appointments cannot be read as a whole: not a table, too large, a column missing, damaged."""

    title = "The list of appointments cannot be read"
