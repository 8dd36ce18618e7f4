"""How words of one language sound, in Kokoro's letters: a module for each language that needs rules of its own."""
