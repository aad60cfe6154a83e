"""Reports as other tools read them: each format is written once, from a `Report`."""
