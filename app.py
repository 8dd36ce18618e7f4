"""Where every server and the `flask` command find the line."""

from ivr import create_app

app = create_app()
