"""Starts an adapter in one of the packages beside this file: `python start.py PACKAGE.MODULE`.

The folder of a script comes first where Python looks for modules. This folder holds packages of
adapters and nothing else, so that none of their modules can be taken for a stack's own.
"""

import importlib
import sys

if __name__ == "__main__":
    importlib.import_module(sys.argv[1]).main()
