"""What each mail says (``messages``, ``notices``), and the outbox that keeps and sends it."""
