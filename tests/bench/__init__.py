"""Measurements that are run by hand or by a scheduled job, never by pytest."""
