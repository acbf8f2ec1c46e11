"""The pages of the desk behind a saved record: check, publish, withdraw, merge, redact, audit."""
