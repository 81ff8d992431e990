"""The rubric studio: where versions of instruments are written, checked, published and exchanged."""
