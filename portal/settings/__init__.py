"""설정: what is in force in this installation, with its meaning; read-only."""
