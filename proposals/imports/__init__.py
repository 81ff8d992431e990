"""From an uploaded spreadsheet to checked rows. Reads and compares; the action writes.

`fields`: our fields and the column titles that mean them. `cells`: one cell to a value.
`rows`: a table and a mapping to checked rows. `plan`: what each row would do to the round.
"""
