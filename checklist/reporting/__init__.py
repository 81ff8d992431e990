"""The family of reports: for each kind who may make it, of what, and how its values are gathered.

A report is built as frozen values first (what `build` gives), drawn by a template after, and kept under
the hash of both. `making` puts the parts together; each kind is a module of its own with a `MAKER`.
"""
