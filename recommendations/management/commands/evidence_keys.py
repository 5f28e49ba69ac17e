"""``manage.py evidence_keys init|show|rekey|recover|officers``: the keys that evidence is encrypted to."""

import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations import vault
from recommendations.errors import Refused
from recommendations.management.progress import progress
from recommendations.models import Heartbeat
from recommendations.services.keys import officers, rotation
from recommendations.vault import keys, reencryption

HOW_TO_MAKE_ONE = """\
Make the recovery key on another computer, one that stays offline, with the program age:
    age-keygen -o recovery-key.txt
Print it, or give a USB stick with it to each of two people. Then name its public half here:
    manage.py evidence_keys init --recovery-recipient age1…
Or have it written to a USB stick here, which you then take away:
    manage.py evidence_keys init --new-recovery-key /media/usb/recovery-key.txt"""

HOW_TO_NAME_OFFICERS = """\
Officers named: {number}. Sealing needs two, since one key alone can be lost. Each officer makes a key
with the program age, on their own computer, which stays offline, and keeps the file there:
    age-keygen -o officer-key.txt
Then name the half that begins with age1, which the officer reads to you by telephone or in person:
    manage.py evidence_keys officers --add "Ana Kim" age1…"""
WHAT_DROPPING_LEAVES = (
    "Files sealed from now on are not sealed to this key. Files sealed before stay as they are: this server "
    "cannot open them to seal them again, so that key still opens them for anybody who has the files."
)
HOW_TO_TRY = """\
Wrote {path}. Each officer opens it on their own computer:
    age -d -i officer-key.txt {path} | tar x
    cat {folder}/file/test.txt
and tells you the word in it: {word}"""


class Command(BaseCommand):
    """Makes, shows and changes the keys; secrets are never printed."""

    help = "Make, show and change the keys that evidence is encrypted to, or recover with the offline key."

    def add_arguments(self, parser):
        acts = parser.add_subparsers(dest="act", required=True, metavar="init|show|rekey|recover|officers")
        init = acts.add_parser("init", help="make the server's key and name the offline recovery key")
        init.add_argument(
            "--recovery-recipient",
            action="append",
            metavar="age1…",
            help=(
                "the public half of an offline key; repeat it for a second one; replaces those named before"
            ),
        )
        init.add_argument(
            "--new-recovery-key",
            type=Path,
            metavar="FILE",
            help="make a recovery key and write it to this new file",
        )
        acts.add_parser(
            "show", help=("print whom evidence is encrypted to and what is wrong, but no secrets")
        )
        rekey = acts.add_parser(
            "rekey", help=("encrypt everything again, to the current keys; continues where it was stopped")
        )
        rekey.add_argument("--new-server-key", action="store_true", help="make a new server key first")
        recover = acts.add_parser(
            "recover", help=("open everything with the offline key, and make a new server key")
        )
        recover.add_argument("identity_file", help="the file with the secret half of a recovery key")
        recover.add_argument(
            "--drill", action="store_true", help=("only check whether it opens; change nothing")
        )
        named = acts.add_parser(
            "officers", help="list, name or drop the officers whose keys alone open sealed files"
        )
        named.add_argument(
            "--add",
            nargs=2,
            metavar=("NAME", "age1…"),
            help=("name an officer, with the public half of their key"),
        )
        named.add_argument("--drop", metavar="NAME", help="stop sealing to this officer's key")
        named.add_argument(
            "--test-item", type=Path, metavar="FILE", help="write a sealed test file for a drill"
        )

    def handle(self, *, act, **options):
        """Do what was asked; a refusal ends the command with a sentence and exit status 1."""
        try:
            getattr(self, act)(**options)
        except (vault.Locked, Refused) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(f"{error.filename or 'A file'}: {error.strerror}.") from error

    def init(self, *, recovery_recipient, new_recovery_key, **options):
        """Make the server's key if there is none, and name the recovery recipients."""
        if rotation.make_first_key():
            self.stdout.write(f"Made the server's key: {settings.EVIDENCE_KEY_FILE}")
        named = recovery_recipient or []
        if new_recovery_key:
            named.append(rotation.make_recovery_key(path=new_recovery_key))
            self.stdout.write(f"The recovery key is in {new_recovery_key}. Take it away from here.")
        if not named and not keys.recovery_recipients() and sys.stdin.isatty():
            self.stdout.write(HOW_TO_MAKE_ONE)
            named = input("Public half of the recovery key (age1…), or Enter to do this later: ").split()
        if named and rotation.name_recovery(recipients=named, now=timezone.now()):
            self._reencrypt()
        self.show()

    def show(self, **options):
        """Print the recipients and the state, never a secret."""
        self.stdout.write(f"Server's key file: {settings.EVIDENCE_KEY_FILE}")
        own = keys.identities()
        self.stdout.write(f"Server:   {own[0].to_public()}")
        for old in own[1:]:
            self.stdout.write(f"Server, older key: {old.to_public()}")
        for name in keys.recovery_recipients():
            self.stdout.write(f"Recovery: {name}")
        if not keys.recovery_recipients():
            self.stdout.write(
                f"Recovery: none. If this server is lost, its evidence is lost too.\n{HOW_TO_MAKE_ONE}"
            )
        self.stdout.write(f"Recovery key last tested: {last_drill()}")
        if settings.SEALED_LEVEL or officers.officers():
            self._list_officers()
        if keys.is_loose():
            self.stdout.write(
                "Other users of this computer can read the server's key. Set the mode of its file to 0400."
            )
        if reencryption.is_unfinished():
            self.stdout.write(
                f"Encrypting again is not finished. Files left: {len(reencryption.left())}. "
                "Run evidence_keys rekey."
            )
        keys.check()
        self.stdout.write("The key opens the evidence.")

    def rekey(self, *, new_server_key, **options):
        """Encrypt everything again."""
        now = timezone.now()
        keys.check()
        if reencryption.is_unfinished():
            self.stdout.write("Continuing where encrypting again was stopped.")
        elif new_server_key:
            rotation.begin_rotation(now=now)
        else:
            rotation.begin_anew(now=now)
        self._reencrypt()

    def recover(self, *, identity_file, drill, **options):
        """Open with the offline key: for a test, or to give the server a new key."""
        offline, now = keys.read_identities(Path(identity_file)), timezone.now()
        if drill:
            opened = rotation.try_recovery(offline=offline, now=now)
            self.stdout.write(f"The recovery key opens the test item and {opened} of the newest files.")
            self.stdout.write("This test was recorded.")
            return
        aside = rotation.begin_recovery(offline=offline, now=now)
        if aside:
            self.stdout.write(f"The old key file was kept as {aside}.")
        self._reencrypt(offline)
        self.stdout.write(f"The server has a new key: {settings.EVIDENCE_KEY_FILE}")

    def officers(self, *, add, drop, test_item, **options):
        """Name or drop officers, write a file for them to test their keys with, and list them."""
        now = timezone.now()
        if drop:
            officers.drop(name=drop, now=now)
            self.stdout.write(f"Dropped {drop}. {WHAT_DROPPING_LEAVES}")
        if add:
            name, key = add
            officers.add(name=name, key=key, now=now)
            self.stdout.write(f"Named {add[0]}. Files sealed before are not sealed to this key.")
        if test_item:
            folder, word = officers.write_test_item(path=test_item, now=now)
            self.stdout.write(HOW_TO_TRY.format(path=test_item, folder=folder, word=word))
        self._list_officers()

    def _list_officers(self):
        named = officers.officers()
        for one in named:
            self.stdout.write(f"Officer:  {one.key}  {one.name}")
        if len(named) < officers.FEWEST:
            self.stdout.write(HOW_TO_NAME_OFFICERS.format(number=len(named)))
        elif not settings.SEALED_LEVEL:
            self.stdout.write(
                "The level “sealed” is not offered. To offer it, set SEALED_LEVEL=yes "
                "and restart the tracker."
            )
        else:
            self.stdout.write("The level “sealed” is offered.")

    def _reencrypt(self, offline=()):
        bar = progress("Encrypting", self.stdout)
        encrypted, problems = rotation.reencrypt(now=timezone.now(), offline=offline, progress=bar)
        self.stdout.write(f"Files encrypted to the current keys, each read again and compared: {encrypted}.")
        for problem in problems:
            self.stdout.write(f"NOT ENCRYPTED, left as it is: {problem}")
        if problems:
            raise CommandError(
                f"{len(problems)} could not be encrypted; each is named above. The old keys are kept. "
                "Restore these files from a backup, then run rekey again."
            )


def last_drill():
    """Return when the recovery key was last tested, and the result."""
    drill = Heartbeat.objects.filter(name=rotation.DRILL).first()
    if drill is None:
        return "never"
    return f"{drill.at:%Y-%m-%d}, {'it opened' if drill.detail['passed'] else 'it did NOT open'}"
