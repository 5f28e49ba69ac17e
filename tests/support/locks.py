"""A database that somebody else holds."""

import sqlite3

import psycopg
from django.db import connection


class Holder:
    """Another process at work: holds the database until let go.

    Args:
        does: what it does to some tables over PostgreSQL; over SQLite it writes, whatever it does.
    """

    def __init__(self, does="LOCK TABLE recommendations_statusupdate, recommendations_stagedupload"):
        self.does = does

    def __enter__(self):
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA busy_timeout=200")
            self.other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            self.other.execute("BEGIN IMMEDIATE")
        else:
            connection.cursor().execute("SET lock_timeout='200ms'")
            named = ("host", "port", "user", "password", "dbname")
            params = connection.get_connection_params()
            self.other = psycopg.connect(**{name: params[name] for name in named if params.get(name)})
            self.other.execute(self.does)
        return self

    def __exit__(self, *_exc):
        self.other.rollback()
        self.other.close()
