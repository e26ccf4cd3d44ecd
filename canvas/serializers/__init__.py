"""The shapes of the canvas's things in the API."""
