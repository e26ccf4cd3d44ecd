"""Tables people bring to learn from: read in pieces, profiled, screened for leaks, given roles, made ready."""
