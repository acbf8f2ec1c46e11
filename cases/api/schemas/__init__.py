"""Serializers that describe responses in the OpenAPI schema."""
