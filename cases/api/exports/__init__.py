"""Files of a whole selection."""
