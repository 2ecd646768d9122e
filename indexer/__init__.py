"""The write side: pages of a site in, generations of an index out."""
