"""Who gets in: guessing, sessions, passwords, second factors, tokens."""
