"""Numbers of rows as they arrive in addresses and forms."""

# The largest number a primary key can be on both engines.
LARGEST = 2**63 - 1


def row_id(text):
    """The number of a row, or None for what cannot be one: other signs, other digits than 0-9, too large."""
    text = str(text)
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= LARGEST else None


def row_ids(texts):
    """The numbers among several texts, in their order; what cannot be one is left out."""
    return [number for number in map(row_id, texts) if number is not None]
