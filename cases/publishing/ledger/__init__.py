"""The ledger: publications, their digests, and how both are verified."""
