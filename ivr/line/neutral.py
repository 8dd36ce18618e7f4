"""What may be heard by anybody who answers a reminder call, or plays a machine (RULES H1; 45 CFR 164.502(b)).

Before a person has said by key whom the call is for, the words name the clinic and phone numbers and nothing else. Each
language lists the beginnings of words that would tell more (`locales/<code>/neutral.toml`); a prompt that holds one of
them is a fault, and the campaign does not start.
"""

import re
from collections.abc import Iterable, Iterator

from ivr.line import phrases
from ivr.line import reminder_phrases as say
from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Prompt

NEUTRAL: tuple[Prompt, ...] = (
    *(say.HELLO, say.OUR_NUMBER, say.FOR_YOU, say.WRONG_NUMBER, say.STOP, say.MESSAGE, say.STOP_BY_PHONE),
    *(say.STOPPED, say.WRONG_SAVED, say.FAILED, say.GOODBYE, say.OPT_OUT_TITLE, say.OPT_OUT),
    *(phrases.CALL_US, phrases.OTHER_LANGUAGE, phrases.LANGUAGE, phrases.AGAIN, phrases.PERSON, phrases.BACK),
    *(phrases.SILENCE, phrases.WRONG_KEY, phrases.WAITING, phrases.WAITING_GO_ON, phrases.GOODBYE, phrases.SORRY),
    *(phrases.PERSON_WAIT, phrases.PERSON_CLOSED, phrases.PERSON_AWAY, phrases.PERSON_UNSET, phrases.PERSON_DONE),
    *(phrases.CALL_BACK, phrases.CALL_BACK_RETURN, phrases.CALL_BACK_NUMBER, phrases.CALL_BACK_RIGHT),
    *(phrases.CALL_BACK_OTHER, phrases.CALL_BACK_ENTER, phrases.CALL_BACK_INVALID, phrases.CALL_BACK_SAVED),
    phrases.CALL_BACK_FAILED,
)
"""Every prompt that is heard there."""

_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")


def forbidden_in(text: str, stems: Iterable[str], language: str) -> Iterator[str]:
    """Those of `stems` that stand in `text`: beginnings of words, or whole words where a blank ends the stem."""
    plain = _MARKS.sub("", text.casefold())
    for stem in stems:
        if re.search(_pattern(_MARKS.sub("", stem.casefold()), language), plain):
            yield stem


def _pattern(stem: str, language: str) -> str:
    row = LANGUAGES[language]
    end = r"(?!\w)" if stem.endswith(" ") else ""
    word = re.escape(stem.strip())
    return rf"(?<!\w){row.prefixes}{word}{end}" if row.script.is_spaced else word
