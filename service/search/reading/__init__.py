"""What was typed → what is looked for."""
