"""Text in, ranked hits with snippets out. Nothing here knows HTTP."""
