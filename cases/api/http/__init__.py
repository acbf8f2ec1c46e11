"""HTTP: errors, ETags, rendering, compression, limits."""
