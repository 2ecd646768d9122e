"""One short function a route."""
