"""The phone's face: webhooks, TwiML, the signature, and the phones that need no account."""
