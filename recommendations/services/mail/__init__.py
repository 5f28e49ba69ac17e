"""Acts on mails: planning reminders and digests, sending one again, removing old text."""
