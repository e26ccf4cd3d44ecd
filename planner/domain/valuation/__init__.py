"""What a model for a task is worth: estimates, cash flows, uncertainty, ranking, portfolio."""
