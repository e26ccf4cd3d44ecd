"""How a process really runs, measured in its log, and the graph it becomes."""
