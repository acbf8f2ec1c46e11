"""What editors do with a record: draft, review, publish, withdraw, merge, redact."""
