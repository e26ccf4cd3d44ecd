"""Pages of pipelines: what is generated, how a run goes, what became of it."""
