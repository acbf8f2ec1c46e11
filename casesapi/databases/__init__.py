"""Which database a query goes to."""
