"""Pages of the canvas."""
