"""The child process that opens files sent by strangers: a program of its own, without Django.

`document_reading` runs this directory (`python -I document_parser ACTION KIND FILE [DIRECTORY]`),
so its modules find each other by their bare names and nothing else of this project.

It limits its own memory, time and open files before it looks at anything, and says what it
found as one JSON object a line: {"page": ...} for each page, then {"done": ...} or
{"refused": code}. PDFium is not safe to call from several threads and is written in C++: a
file that breaks it breaks this process and nothing else.
"""
