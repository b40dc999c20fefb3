"""The ground floor: strings in; terms, sentences and vectors out."""
