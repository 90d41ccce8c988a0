"""How often the tasks run on which the alarm keeps an eye; known without importing the tasks."""

from __future__ import annotations

#: Seconds between two runs, by the task's name.
WATCHED_S = {"retention": 30.0, "intake": 2.0}
