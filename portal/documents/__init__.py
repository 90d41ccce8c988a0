"""Official paper: what is printed, signed and issued. Knows neither Flask nor the database."""
