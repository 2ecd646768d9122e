"""What is looked for → the best documents, in order."""
