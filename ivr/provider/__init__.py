"""Twilio and compatible networks: the account, calls that the clinic makes, the signature, the doctor."""
