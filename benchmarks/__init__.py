"""Accuracy and speed, beside what somebody would use instead; see README.md here."""
