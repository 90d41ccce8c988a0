"""The connection to the institution's mail server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTP, SMTPException

from portal.runtime import config, settings

_TIMEOUT_S = 20


@contextmanager
def server() -> Iterator[SMTP]:
    """A logged-in connection. Raises `OSError` (`SMTPException` is one) where there is none.

    With `starttls` the certificate is checked against the system's authorities.
    """
    rules, password = settings().mail, config().smtp_password
    own_name = rules.sender.rpartition("@")[2]  # asking the network for it can take long
    connection = SMTP(rules.host, rules.port, own_name, timeout=_TIMEOUT_S)
    try:
        if rules.starttls:
            connection.starttls(context=ssl.create_default_context())
        if rules.username and password:
            connection.login(rules.username, password)
        yield connection
    finally:
        try:
            connection.quit()
        except (SMTPException, OSError):
            connection.close()
