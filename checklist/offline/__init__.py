"""Reviewing where there is no connection: forms that go out, are filled in, and come back.

`plan` says what can be filled in, `paper` and `workbook` make a PDF and a workbook of it, `reading`
opens what comes back, `checking` tells apart what is wrong with it, `comparing` lays it beside what
is saved.
"""
