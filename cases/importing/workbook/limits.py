"""What an upload may contain at most, whatever its format."""

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000  # in all sheets, without empty ones
MAX_COLUMNS = 200
