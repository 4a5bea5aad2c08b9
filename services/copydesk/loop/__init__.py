"""poll → step → commit: the one place that batches, retries, and isolates what fails."""
