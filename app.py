"""Where every server and the `flask` command find the line. A faulty line says what to mend, and does not start."""

import sys

from ivr import create_app
from ivr.errors import FaultsError

try:
    app = create_app()
except FaultsError as error:
    sys.exit(str(error))
