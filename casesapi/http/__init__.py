"""HTTP below the application: request log, metrics, security headers, the address of a client."""
