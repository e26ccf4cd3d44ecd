"""Pipelines in the API: generate, download, run, follow."""
