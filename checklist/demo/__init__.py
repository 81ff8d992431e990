"""The demo: an invented round with documents and assessments, and large sets for benchmarks.

Content lies in `fixtures/demo`; everything is written through the actions that people use.
"""
