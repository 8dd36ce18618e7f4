"""Where every server and the `flask` command find the line. A faulty line says what to mend, and does not start."""

import sys

from ivr.errors import FaultsError
from ivr.wiring import create_app

try:
    app = create_app()
except FaultsError as error:
    sys.exit(str(error))
