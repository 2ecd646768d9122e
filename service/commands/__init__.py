"""The commands of ``health-search``; ``service.cli`` puts them together."""
