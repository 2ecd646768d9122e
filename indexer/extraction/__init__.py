"""Page → Article: decode the bytes, read the head, keep the article, drop the rest."""
