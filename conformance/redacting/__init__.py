"""Making a dump or a trace fit to be shown to others: private texts replaced, equality preserved.

Works on the text of a file, whatever format it is in, and never through the importers: what they do
not understand may be private as well.
"""
