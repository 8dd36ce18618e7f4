"""Twilio and its like: the account, calls that the clinic makes, the signature, the doctor."""
