"""What editors say to a query: notices for emergencies, and articles pinned, hidden or raised."""
