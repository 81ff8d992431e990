"""An instrument as a workbook, for people who live in spreadsheets: written, and read back exactly.

Sheets and column titles are part of the format, in English like the names in instrument files.
"""
