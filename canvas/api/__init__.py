"""The canvas in the API."""
