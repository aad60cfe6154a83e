"""Recording by application developers: a script for any page, and what takes its traces."""
