"""The bare script of `aiortc`: `bare_wrtc`'s, with the calls of the other adapter.

`record` runs it as a file, with the interpreter that has `aiortc`.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / ".src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.bare_wrtc import serve
from negotiation.conformance.stacks.adapters.asyncio_recorder.aiortc import Aiortc

if __name__ == "__main__":
    asyncio.run(serve(Aiortc()))
