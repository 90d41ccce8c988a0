"""현황판: how the procedure runs, in numbers. No person and no number of a telephone is in it."""
