"""What an index is. The service imports this folder and nothing else of the write side."""
