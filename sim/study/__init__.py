"""Many replications: ensembles, run directories, and what is asked of them."""
