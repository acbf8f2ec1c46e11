"""The explorer: lists of the API as pages, with the same filters under the same names."""
