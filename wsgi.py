"""For a WSGI server: `gunicorn wsgi:app`."""

from portal import served
from portal.config import from_environment
from portal.running import share

share(from_environment().data)  # until this process ends; an offline command waits for it
app = served()
