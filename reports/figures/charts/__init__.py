"""Charts as SVG text: numbers in, markup out, the same on a page and in a PDF.

Every shape carries a class (the page's stylesheet may recolour it, also in the dark) and a plain
presentation attribute (all that the PDF engine sees). Labels are escaped; no styles, no scripts.
"""
