"""Whether a task suits a model: the questions, and the one list of verdicts."""
