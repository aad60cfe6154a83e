"""A recorder for Pion, a stack in Go: `main.go` says how it takes JavaScript's words.

`building` builds it when it is first used, and becomes it.
"""
