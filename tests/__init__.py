"""The tests, and the benches beside them."""
