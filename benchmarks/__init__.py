"""Measurements that are too long for tests; docs/ has their figures."""
