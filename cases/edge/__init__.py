"""What answers before Django is entered: the rate limiter and the response cache."""
