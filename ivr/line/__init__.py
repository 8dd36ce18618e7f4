"""What a caller hears and may press. Pure: no input or output, no clock, no Flask, no Twilio."""
