"""사용 제한 (제9조): drafted, decided, served on paper, in force, lifted."""
