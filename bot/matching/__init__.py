"""A question in, an answer out: the excerpt, how sure it is, and why."""
