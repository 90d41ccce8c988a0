"""가림 해제: a masked value shown whole, for a reason that stays in the log."""
