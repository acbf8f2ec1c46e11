"""The charts: what each asks the API for, and the Vega-Lite that it makes of the answers."""
