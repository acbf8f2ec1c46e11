"""Building the document of each record."""
