"""Which phrases bring a notice and which do not, and how often the shipped patterns are right."""
