"""Rate limits: who may ask for how much."""
