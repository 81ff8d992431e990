"""What was found, as rows and words: the same for pages, exports and reports. Nothing is summed here."""
