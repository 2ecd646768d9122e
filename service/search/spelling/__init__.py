"""What was probably meant: the words of the index, and the right one for a wrong one."""
