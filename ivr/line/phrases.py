"""The line's own phrases: everything it says beside a topic.

A phrase that offers a key holds `{key}`, filled with the word for the key that really works, so words and keys cannot
disagree (RULES M1). What a translator must know stands above a phrase as `NOTE:`; Babel carries it into the catalogs.
Prompts that staff hear are spoken in English only and are not given to translators.
"""

from ivr.line.languages import LANGUAGES
from ivr.line.prompts import Audience, Prompt
from ivr.line.reminder_phrases import REMINDER_PHRASES

# --- The first words, and the language -------------------------------------------------------------------------------

# NOTE: The very first words of every call. {emergency} is the emergency number, digit by digit: nine, one, one.
EMERGENCY = Prompt("emergency", "If this is an emergency, hang up now, and call {emergency}.", ("E1",))
# NOTE: Name your own language here, in itself, not English: Para español ... {key} is a digit in words.
LANGUAGE = Prompt("language.choice", "For English, press {key}.")
# NOTE: A caller who called before hears this first. Name your own language: to go on in Spanish ...
LANGUAGE_SAME = Prompt("language.same", "To go on in English, press {key}.")

# NOTE: Heard at the end of the menu of languages.
UNLISTED = Prompt("language.unlisted", "If your language is not here, press {key}.")
# NOTE: For callers whose language the line does not speak.
UNLISTED_TITLE = Prompt("unlisted.title", "We can call you back, with an interpreter for your language.")
UNLISTED_OFFER = Prompt("unlisted.offer", "To be called back with an interpreter, press {key}.")

# --- Hello, in the caller's language ---------------------------------------------------------------------------------

# NOTE: Heard where the line explains more than one procedure. {clinic} is the clinic's name.
WELCOME = Prompt("hello.general", "This is the information line of {clinic}.")
# NOTE: Said to somebody who has called before. Short and warm.
WELCOME_BACK = Prompt("hello.again", "Welcome back.")
# NOTE: Said once to somebody who has called before, when the keys of the menu lead elsewhere than they did.
CHANGED = Prompt("hello.changed", "The choices have changed since you last called.")
# NOTE: Stands for the clinic's name until a real clinic sets its own. It fits where {clinic} stands in your sentences.
DEMONSTRATION_CLINIC = Prompt("clinic.demonstration", "the demonstration clinic")
# NOTE: A legal notice that must be plain, heard once in a call, before the first medical words. Safe, and also: that it
# will help this person.
NOTICE = Prompt(
    "notice",
    "This is for learning. It is not medical advice for you. "
    "Before you follow it, ask a doctor, a nurse, or a pharmacist if it is safe for you, and if it will help you.",
    ("N1", "N2"),
)
# NOTE: Heard in a language whose words no qualified person has reviewed yet. As short as it can be.
UNREVIEWED = Prompt(
    "hello.unreviewed",
    "A computer translated this, and nobody has checked it yet.",
)
# NOTE: The same key goes back to normal speed.
SLOWER = Prompt("keys.slower", "To hear slower speech, press {key}.")
OTHER_LANGUAGE = Prompt("keys.language", "For another language, press {key}.")
# NOTE: That: what was just said.
AGAIN = Prompt("keys.again", "To hear that again, press {key}.")
# NOTE: Our staff: somebody who works at the clinic.
PERSON = Prompt("keys.person", "To talk to our staff, press {key}.")
BACK = Prompt("keys.back", "To go back, press {key}.")
SKIP = Prompt("keys.skip", "To skip ahead while you listen, press {key}.")

# --- Menus -----------------------------------------------------------------------------------------------------------

# NOTE: Heard before the list of procedures, where a line has more than one topic.
PROCEDURES_TITLE = Prompt("procedures.title", "Which procedure do you want to hear about?")
MENU_TITLE = Prompt("menu.title", "Main menu.")
MENU_ALL = Prompt("menu.all", "To hear everything, in order, press {key}.")
END_TITLE = Prompt("end.title", "That is the end of this part.")
END_ALL_TITLE = Prompt("end.all", "That is the end. You have heard everything.")
# NOTE: Kind: it does not send the caller away. The choices follow.
END_HANG_UP = Prompt("end.hang-up", "If you have heard enough, you may hang up.")
END_AGAIN = Prompt("end.again", "To hear this part again, press {key}.")
END_ALL_AGAIN = Prompt("end.all-again", "To hear everything again, press {key}.")
END_MENU = Prompt("end.menu", "To go back to the main menu, press {key}.")

# --- Silence and wrong keys (RULES M4) -------------------------------------------------------------------------------

# NOTE: Kind, not blaming. Heard when the caller pressed nothing; the choices follow again.
SILENCE = Prompt("retry.silence", "Take your time. No key was pressed yet.")
# NOTE: Kind, not blaming. The choices follow again.
WRONG_KEY = Prompt("retry.wrong", "Sorry, that key does not work here. Please try again.")
# NOTE: The caller has been quiet for long. Calm: nothing is lost, there is no hurry.
WAITING = Prompt("waiting.title", "We are still here. There is no hurry.")
WAITING_GO_ON = Prompt("waiting.go-on", "To go on, press {key}.")
GOODBYE = Prompt("goodbye", "Thank you for calling. Goodbye.")
# NOTE: Something failed on our side. The call goes on after this.
SORRY = Prompt("sorry", "I am sorry. Something went wrong on our side.")

# --- A person, and calling back --------------------------------------------------------------------------------------

PERSON_WAIT = Prompt("person.wait", "Please wait. We are calling our staff for you.")
# NOTE: Outside office hours.
PERSON_CLOSED = Prompt("person.closed", "Our office is closed right now.")
# NOTE: The clinic's phone was busy, or nobody answered.
PERSON_AWAY = Prompt("person.away", "I am sorry. No one can take your call right now.")
# NOTE: This line has no number of a person to connect to.
PERSON_UNSET = Prompt("person.unset", "I am sorry. I cannot connect you to a person on this call.")
# NOTE: After the talk with a person has ended and the caller is still on the line.
PERSON_DONE = Prompt("person.done", "You are back on the information line.")
CALL_BACK = Prompt("callback.offer", "To ask us to call you back, press {key}.")
# NOTE: Back to what the caller was hearing before.
CALL_BACK_RETURN = Prompt("callback.return", "To go back to the information, press {key}.")
# NOTE: The digits of the caller's phone number follow, one by one.
CALL_BACK_NUMBER = Prompt("callback.number", "We will call you at this number.")
CALL_BACK_RIGHT = Prompt("callback.right", "If this number is right, press {key}.")
CALL_BACK_OTHER = Prompt("callback.other", "To give another number, press {key}.")
# NOTE: {key} is the pound key (also called hash): the key with the sign #.
CALL_BACK_ENTER = Prompt(
    "callback.enter",
    "Please press the digits of your phone number, with the area code. When you are done, press {key}.",
)
CALL_BACK_INVALID = Prompt("callback.invalid", "That does not seem to be a full phone number.")
# NOTE: Heard only after the request is really saved. The digits of the number follow, one by one.
CALL_BACK_SAVED = Prompt("callback.saved", "Thank you. Your request is saved. Our staff will call you at this number.")
# NOTE: Let a whole word carry it, such as failed: a "not" that is missed on the telephone would turn it round.
CALL_BACK_FAILED = Prompt(
    "callback.failed", "I am sorry. Saving your request failed. No one will call you. Please call again."
)
# NOTE: The digits of the clinic's phone number follow, one by one.
CALL_US = Prompt("callback.call-us", "Please call us at this number.")

# --- Words that fill placeholders, and units that are clips of their own ---------------------------------------------

# NOTE: The word for a key of the phone, as it stands after "press" in your sentences.
KEY_1 = Prompt("key.1", "one")
KEY_2 = Prompt("key.2", "two")
KEY_3 = Prompt("key.3", "three")
KEY_4 = Prompt("key.4", "four")
KEY_5 = Prompt("key.5", "five")
KEY_6 = Prompt("key.6", "six")
KEY_7 = Prompt("key.7", "seven")
KEY_8 = Prompt("key.8", "eight")
KEY_9 = Prompt("key.9", "nine")
KEY_0 = Prompt("key.0", "zero")
# NOTE: The key with the sign *, as people in the US who speak your language call it.
KEY_STAR = Prompt("key.star", "star")
# NOTE: The key with the sign #, as people in the US who speak your language call it.
KEY_POUND = Prompt("key.pound", "pound")
# NOTE: A digit, said alone, as in a phone number read aloud. Spoken as a clip of its own.
DIGIT_0 = Prompt("digit.0", "zero")
DIGIT_1 = Prompt("digit.1", "one")
DIGIT_2 = Prompt("digit.2", "two")
DIGIT_3 = Prompt("digit.3", "three")
DIGIT_4 = Prompt("digit.4", "four")
DIGIT_5 = Prompt("digit.5", "five")
DIGIT_6 = Prompt("digit.6", "six")
DIGIT_7 = Prompt("digit.7", "seven")
DIGIT_8 = Prompt("digit.8", "eight")
DIGIT_9 = Prompt("digit.9", "nine")

FRAGMENTS: tuple[Prompt, ...] = (
    DEMONSTRATION_CLINIC,
    *(KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_STAR, KEY_POUND),
)
"""Words that only ever stand inside other words; they are never a clip of their own."""

DIGITS: tuple[Prompt, ...] = (
    *(DIGIT_0, DIGIT_1, DIGIT_2, DIGIT_3, DIGIT_4),
    *(DIGIT_5, DIGIT_6, DIGIT_7, DIGIT_8, DIGIT_9),
)

# --- What the person hears who answers for the clinic (English) ------------------------------------------------------


def _for_staff(name: str, text: str) -> Prompt:
    return Prompt(f"whisper.{name}", text, audience=Audience.STAFF)


WHISPER = _for_staff("general", "This is a call from the information line.")
WHISPER_NO_LANGUAGE = _for_staff("no-language", "The caller has not chosen a language.")
WHISPER_UNLISTED = _for_staff("unlisted", "The caller's language is not on the line. They need an interpreter.")
WHISPER_PART = _for_staff("part", "They were listening to this part.")
WHISPER_TAKE = _for_staff("take", "To take the call, press {key}.")
WHISPER_LANGUAGES: dict[str, Prompt] = {
    row.code: _for_staff(f"language.{row.code}", f"The caller chose {row.name}.") for row in LANGUAGES.values()
}

_NAMED = tuple(value for name, value in globals().items() if name.isupper() and isinstance(value, Prompt))
PHRASES: dict[str, Prompt] = {
    **{prompt.id: prompt for prompt in (*_NAMED, *WHISPER_LANGUAGES.values())},
    **REMINDER_PHRASES,
}
"""Every phrase of the line by its id: those of this file, and those of reminder calls."""
SEVERAL_TOPICS = (WELCOME, WHISPER)
"""Phrases that only a line of several topics needs: where there is one, its own words take their place."""
