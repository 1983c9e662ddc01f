"""`python -m ensurepip`: the options that venv passes (--upgrade, --default-pip) change nothing here."""

import ensurepip

ensurepip.bootstrap()
