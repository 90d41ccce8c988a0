"""도움말: a page for each role, from the very texts that stand on the pages of the portal."""
