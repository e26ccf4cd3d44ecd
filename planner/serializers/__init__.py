"""The shapes of the planner's things in the API."""
