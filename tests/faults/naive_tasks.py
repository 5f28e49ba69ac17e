"""One Celery task a mail, as most sites do it: the control's own application, which knows no Django."""

import os
import smtplib
from email.message import EmailMessage

from celery import Celery

app = Celery("naive", broker=os.environ.get("NAIVE_BROKER"))
app.conf.task_ignore_result = True
app.conf.broker_connection_retry_on_startup = True


@app.task
def send_one(port, to, message_id):
    """Send one mail; the worker acknowledges before it begins, as is the default."""
    hand_over(port, to, message_id)


def hand_over(port, to, message_id):
    """Send one small message by smtplib as it comes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "tracker@example.org", to, "Hello"
    message["Message-ID"] = message_id
    message.set_content("Hello.\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.send_message(message)
