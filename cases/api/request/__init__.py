"""Reading a request: its parameters, its format and its snapshot."""
