"""Between Granian and the WSGI application."""
