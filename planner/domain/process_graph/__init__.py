"""The task graph: nodes and flows, what cases do in it, what is odd about it, how it is drawn."""
