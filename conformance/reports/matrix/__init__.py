"""The matrix: stacks and versions across, rules and programs down, and the evidence of each cell.

`cells` is what it says, made by `surveying` from judged traces; the others tell it: as text, as
Markdown, as JSON, and as one HTML page (`page.py` fills `page.html`, `page.css` and the scripts).
"""
