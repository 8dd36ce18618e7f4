"""The line on the telephone: webhooks, the call handler, TwiML, and what a call asks of the rest of the house."""
