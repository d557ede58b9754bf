"""Measurements: ratios against floors of the same run, for `make bench`; see docs/benchmarks.md."""
