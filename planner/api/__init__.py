"""The planner's part of the API."""
