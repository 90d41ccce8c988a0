"""Data steps of migrations: plain SQL on the tables as they were, no models."""
