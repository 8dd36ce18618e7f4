"""The rules of reminder calls: who may be called, when, how often."""
