"""Articles in, passages out; the derived database ``passages.db``."""
