"""What can be foretold at a task: training tables, targets, and whether a model beats what is simple."""
