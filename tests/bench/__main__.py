"""`make bench`: every figure that the README quotes, measured here and now. Never an assertion, never a test."""

from tests.bench import clock, reminders, speech, webhooks

if __name__ == "__main__":
    clock.bench()
    webhooks.bench()
    speech.bench()
    reminders.bench()
