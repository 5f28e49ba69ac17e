"""The line to the mail server: Django's mailer, told when the bytes of a message are about to leave."""

import contextlib
import hashlib
import io
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from email.policy import Policy
from email.policy import default as default_policy
from typing import Any

from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends import console, dummy, locmem, smtp
from django.utils.functional import cached_property

from recommendations.mail.outbox import mime

try:
    from anymail.exceptions import AnymailRecipientsRefused
    from requests.exceptions import ConnectionError as RequestsConnectionError
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    NO_ANSWER: tuple[type[Exception], ...] = (RequestsConnectionError,)
    NOT_CONNECTED: tuple[type[Exception], ...] = (NewConnectionError, ConnectTimeoutError)
    RECIPIENT_REFUSED: tuple[type[Exception], ...] = (AnymailRecipientsRefused,)
except ImportError:  # an option that is not installed: nothing raises them then
    RECIPIENT_REFUSED = NO_ANSWER = NOT_CONNECTED = ()

# RFC 5321, 4.5.3.2.6: the client waits ten minutes for the answer to the final dot. A server that takes
# long has often accepted already; who hangs up sends doubles.
DOT_TIMEOUT_SECONDS = 600
# A server that lets its answer come sign by sign would never be late by that; this is for sending a mail and
# hearing of it together, and well within the lease of the sender, so that nobody else sends it meanwhile.
HAND_OVER_SECONDS = 900
# Backends that keep mail on this machine (the file backend is a console backend).
WRITING_BACKENDS = (console.EmailBackend, dummy.EmailBackend)
LOCAL_BACKENDS = (*WRITING_BACKENDS, locmem.EmailBackend)


class _Answers(io.RawIOBase):
    """What a server answers; after the deadline of its connection, it is not waited for."""

    def __init__(self, connection: "_MarksTheDot") -> None:
        self.connection = connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on. Raises: TimeoutError."""
        connection, sock = self.connection, self.connection.sock
        if sock is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed.")
        if connection.deadline is not None:
            left = connection.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            sock.settimeout(min(DOT_TIMEOUT_SECONDS, left))
        return sock.recv_into(buffer)


class _MarksTheDot(smtplib.SMTP):
    """Calls ``before_message`` between the server's permission to send and the first byte of the message."""

    before_message: Callable[[], None] | None = None
    deadline: float | None = None  # of the monotonic clock
    _in_data = False

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name the sender; an address of the usual shape is not parsed again, nor is the recipient's."""
        is_usual = self.does_esmtp and all(option.startswith("size=") for option in options)
        if not is_usual or not mime.is_plain_address(sender):
            return super().mail(sender, options)
        self.putcmd("mail", " ".join([f"from:<{sender}>", *options]))
        return self.getreply()

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Name the recipient."""
        if options or not mime.is_plain_address(recip):
            return super().rcpt(recip, options)
        self.putcmd("rcpt", f"to:<{recip}>")
        return self.getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message as smtplib does, with the long wait for the answer."""
        self._in_data, usual = True, self.timeout
        try:
            return super().data(msg)
        finally:
            self._in_data, self.deadline = False, None
            if self.sock:
                self.sock.settimeout(usual)

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer, to a message for no longer than until the deadline."""
        if self.file is None:
            self.file = io.BufferedReader(_Answers(self))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Send commands (str) as they are; announce the message (bytes) before it leaves."""
        if self._in_data and isinstance(s, bytes):
            if self.before_message:
                self.before_message()
            self.deadline = time.monotonic() + HAND_OVER_SECONDS
            if self.sock:
                self.sock.settimeout(DOT_TIMEOUT_SECONDS)
        super().send(s)


class PhasedSMTP(_MarksTheDot):
    """SMTP that marks the dot."""


class PhasedSMTPOverTLS(_MarksTheDot, smtplib.SMTP_SSL):
    """SMTP over TLS that marks the dot."""


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend over connections that mark the dot.

    Args:
        ca_file: the certificates of the authorities to trust, instead of the system's.
    """

    def __init__(self, *args: Any, ca_file: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ca_file = ca_file

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """Whom to trust, and who we are: given our certificate, Django itself would trust nobody."""
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.ssl_certfile:
            context.load_cert_chain(self.ssl_certfile, self.ssl_keyfile)
        return context

    @property
    def connection_class(self) -> type[_MarksTheDot]:
        """The class of smtplib's that connections are made of."""
        return PhasedSMTPOverTLS if self.use_ssl else PhasedSMTP


class FrozenMessage(EmailMultiAlternatives):
    """A message whose bytes are the same at every attempt: the boundary too follows from its id."""

    def message(self, *, policy: "Policy[Any] | None" = default_policy) -> Any:
        """Build the message of seven-bit bytes alone, and fix the boundary.

        Eight-bit ones would have to be announced (RFC 6152), which Django does not do; a relay that
        recodes them breaks the sender's DKIM signature.
        """
        usual = policy or default_policy
        seven_bit = usual if usual.cte_type == "7bit" else usual.clone(cte_type="7bit")
        message = super().message(policy=seven_bit)
        if message.is_multipart():
            message.set_boundary(self.boundary)
        return message

    def _add_bodies(self, msg: Any) -> None:
        """Add the bodies, unless they are written without being built."""
        if msg.policy is not mime.AS_SENT:
            super()._add_bodies(msg)  # type: ignore[misc]  # Django keeps it to itself, the stubs leave it out

    @property
    def boundary(self) -> str:
        """The boundary between the text and the HTML."""
        return f"=_{hashlib.sha256(self.extra_headers['Message-ID'].encode()).hexdigest()[:32]}"

    @cached_property
    def raw(self) -> bytes:
        """The bytes as they leave, written once. Raises: what is wrong with a header."""
        html = next((str(words) for words, _type in self.alternatives), "")
        return mime.write(self.message(policy=mime.AS_SENT), str(self.body), html, self.boundary)


def provider_answer(error: BaseException) -> int:
    """Return the status with which a provider refused a mail; 0 when it did not say, and 422 for a recipient.

    Providers answer by HTTP, and django-anymail raises their answer with its ``status_code``.
    """
    if isinstance(error, RECIPIENT_REFUSED):
        return 422
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else 0


def timed_out(error: BaseException) -> bool:
    """Say whether a mail server did not answer in time."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, TimeoutError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def never_connected(error: BaseException) -> bool:
    """Say whether a provider could not even be reached, so that nothing of the mail can have arrived."""
    if not isinstance(error, NO_ANSWER):
        return False
    cause: BaseException | None = error
    while cause and not isinstance(cause, NOT_CONNECTED):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


class Line:
    """The connection to the mail server, opened for the first mail and used while the run and it last."""

    def __init__(self) -> None:
        self.mailer: Any = mailers["default"]
        self.is_local = isinstance(self.mailer, LOCAL_BACKENDS)
        self.only_writes = isinstance(self.mailer, WRITING_BACKENDS)
        # What a mail server says when it takes a mail; providers have no such code.
        self.taken_code = "250" if isinstance(self.mailer, smtp.EmailBackend) else ""
        self.has_worked = False
        self._addresses: dict[str, str] = {}

    def open(self) -> None:
        """Connect, if not connected. Raises: OSError, smtplib.SMTPException."""
        self.mailer.open()

    def send(self, message: FrozenMessage, before_message: Callable[[], None]) -> None:
        """Hand over one message.

        Args:
            before_message: called just before the bytes are sent; with another backend, before everything.

        Raises: whatever the backend does; returns only when the server accepted.
        """
        connection = getattr(self.mailer, "connection", None)
        if isinstance(connection, _MarksTheDot):
            # As Django's backend does it, but with the bytes that are written already.
            connection.before_message = before_message
            sender = self._prepared(message.from_email)
            connection.sendmail(sender, [self._prepared(to) for to in message.recipients()], message.raw)
            return
        before_message()
        if self.mailer.send_messages([message]) != 1:
            raise smtplib.SMTPException("The mail backend did not send the message.")

    def _prepared(self, address: str) -> str:
        """Return an address as the envelope has it; the sender's is asked once a run. Raises: ValueError."""
        if address not in self._addresses:
            if mime.is_plain_address(address):
                return address
            self._addresses[address] = self.mailer.prep_address(address)
        return self._addresses[address]

    def drop(self) -> bool:
        """Drop the connection without ``QUIT``: it is broken, or must no longer be used.

        Returns: whether a mail had been sent over it.
        """
        had_worked, self.has_worked = self.has_worked, False
        connection = getattr(self.mailer, "connection", None)
        if connection is not None:
            self.mailer.connection = None
            with contextlib.suppress(OSError):
                connection.close()
        return had_worked

    def close(self) -> None:
        """Send ``QUIT``. What the server does then changes nothing: everything is recorded."""
        with contextlib.suppress(OSError):
            self.mailer.close()
