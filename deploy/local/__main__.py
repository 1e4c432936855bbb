"""Run the local stack's command line."""

from deploy.local.app import app

app(prog_name="python -m deploy.local")
