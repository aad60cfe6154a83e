"""Starts an adapter in one of the packages beside this file: `python start.py PACKAGE.MODULE`.

The folder of a script comes first where Python looks for modules. Here it is taken out, and the
packages are found as parts of `adapters`, so that none of their modules can be taken for a stack's
own.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != folder]
    found = importlib.util.spec_from_file_location(
        "adapters", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert found is not None
    sys.modules["adapters"] = importlib.util.module_from_spec(found)
    importlib.import_module(f"adapters.{sys.argv[1]}").main()
