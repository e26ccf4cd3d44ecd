"""Event logs: files read into rows, rows into activity instances, and the hours that count."""
