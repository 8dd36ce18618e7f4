"""What reminder calls say, beside the line's own phrases.

Rule kept here (RULES H1): what is heard before a person has said by key whom the call is for, and what is left on an
answering machine, is neutral. It names the clinic and phone numbers and nothing of what the call is about; `neutral.py`
lists those prompts and tests their words.
"""

from ivr.line.prompts import Prompt

# --- Before anybody has said whom the call is for --------------------------------------------------------------------

# NOTE: The first words of a call that the clinic makes. {clinic} is the clinic's name.
HELLO = Prompt("reminder.hello", "Hello. This is a call from {clinic}.")
# NOTE: The digits of the clinic's phone number follow, one by one.
OUR_NUMBER = Prompt("reminder.number", "Here is our phone number.")
# NOTE: Look after: a husband, a daughter or a nurse who takes care of the patient. Say nothing of health here.
FOR_YOU = Prompt("reminder.for-you", "If this call is for you, or for somebody you look after, press {key}.")
# NOTE: The person who answered does not know the patient.
WRONG_NUMBER = Prompt("reminder.wrong", "If we called the wrong number, press {key}.")
STOP = Prompt("reminder.stop", "To stop these calls, press {key}.")

# --- What is left on an answering machine ----------------------------------------------------------------------------

# NOTE: The first words on an answering machine. Others in the house may hear it, so nothing is said of health.
MESSAGE = Prompt("voicemail.hello", "Hello. This is a message from {clinic}.")
# NOTE: The digits of a phone number follow, one by one. Free: the call to that number costs nothing.
STOP_BY_PHONE = Prompt("voicemail.stop", "To stop these calls, call this number. It is free.")

# --- The appointment -------------------------------------------------------------------------------------------------

# NOTE: A date follows, as words of its own, such as: Tuesday, March third.
DAY = Prompt("reminder.day", "Here is the day of the appointment.")
# NOTE: A time of day follows, as words of its own, such as: two thirty in the afternoon.
TIME = Prompt("reminder.time", "Here is the time of the appointment.")
# NOTE: The day and the time follow a second time, as words of their own.
REPEAT = Prompt("reminder.repeat", "Here they are once more.")
# NOTE: To confirm: to say that the patient will come.
CONFIRM = Prompt("reminder.confirm", "To confirm the appointment, press {key}.")
CHANGE = Prompt("reminder.change", "To change or cancel the appointment, press {key}.")
# NOTE: Heard only after it is really saved.
CONFIRMED = Prompt("reminder.confirmed", "Thank you. The appointment is confirmed.")
# NOTE: Heard only after it is really saved.
CHANGE_SAVED = Prompt("reminder.change-saved", "Your request is saved. Our staff will call you about the appointment.")
# NOTE: Heard only after it is really saved. Let a whole word carry it, such as stopped, rather than a small "no".
STOPPED = Prompt("reminder.stopped", "Your request is saved. These calls have stopped.")
# NOTE: Heard by somebody who said that we called the wrong number.
WRONG_SAVED = Prompt("reminder.wrong-saved", "I am sorry for the trouble. These calls have stopped.")
# NOTE: Something failed on our side; the clinic's number follows. Let a whole word carry it, such as failed. Say
# nothing of health here.
FAILED = Prompt("reminder.failed", "I am sorry. Saving your answer failed.")
APPOINTMENT = Prompt("reminder.appointment", "To go back to the appointment, press {key}.")
# NOTE: The last words of a call that the clinic made.
GOODBYE = Prompt("reminder.goodbye", "Thank you. You may hang up now. Goodbye.")

# --- Around the two questions of a topic, after its section ----------------------------------------------------------

# NOTE: What you just heard: how to prepare. The questions check our words, not the listener.
CHECK_OFFER = Prompt("check.offer", "To answer two short questions about what you just heard, press {key}.")
# NOTE: Kind: the listener is not being tested.
CHECK_TITLE = Prompt("check.title", "These two questions show us if we said it clearly.")
CHECK_RIGHT = Prompt("check.right", "Yes, that is right.")
# NOTE: Kind. The answer was not right, so the part about it is played again.
CHECK_LISTEN = Prompt("check.listen", "Please listen to this part once more.")

# --- The free number that stops the calls ----------------------------------------------------------------------------

# NOTE: The first words of the number that people call to stop the clinic's calls.
OPT_OUT_TITLE = Prompt("optout.title", "Hello. Here you can stop calls from {clinic}.")
OPT_OUT = Prompt("optout.offer", "To stop all our calls to this phone, press {key}.")

REMINDER_PHRASES: dict[str, Prompt] = {
    value.id: value for name, value in globals().items() if name.isupper() and isinstance(value, Prompt)
}
"""Every phrase of this file, by its id."""
