"""`python -m negotiation.conformance.cli` is `negotiation`."""

import sys

from . import main

sys.exit(main())
