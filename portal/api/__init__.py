"""What other machines ask: recorders, each with a token of its own."""
