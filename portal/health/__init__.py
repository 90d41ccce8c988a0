"""Whether this installation works: for the monitoring of a city, without telling anything else."""
