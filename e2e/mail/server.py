#!/usr/bin/python3
"""A mail server for the tests: Debian's aiosmtpd on a free port of this machine.

Says one line of JSON for each thing that happens: {"port": n} when it listens, {"letter": {...}} for each letter it has
taken over (read by Python's own mail library, so that two independent programs agree on what was sent), and
{"put_off": message_id} when it has asked for patience.

How it treats a recipient is in the address: nobody@ is refused for good (550), later@ is put off once after the whole
letter has come (451), everybody else gets their letter. With --certificate and --key it speaks STARTTLS and takes no
letter without it.
"""
import argparse
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP


def say(**what):
    print(json.dumps(what), flush=True)


class Handler:
    def __init__(self):
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        raw = envelope.content
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        identity = letter["Message-ID"]
        if any(to.startswith("later@") for to in envelope.rcpt_tos) and identity not in self.put_off:
            self.put_off.add(identity)
            say(put_off=identity)
            return "451 4.7.1 try again later"
        say(
            letter={
                "envelope_from": envelope.mail_from,
                "envelope_to": envelope.rcpt_tos,
                "headers": {name: str(value) for name, value in letter.items()},
                "header_names": [name for name, _ in letter.items()],
                "charset": letter.get_content_charset(),
                "encoding": letter["Content-Transfer-Encoding"],
                "body": letter.get_content().replace("\r\n", "\n"),
                "defects": [str(defect) for defect in letter.defects],
                "ascii": raw.isascii(),
                "longest_line": max(raw.split(b"\r\n"), key=len).decode("ascii", "replace"),
                "bare_line_feeds": raw.count(b"\n") - raw.count(b"\r\n"),
                "protected": session.ssl is not None,
            }
        )
        return "250 OK"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    arguments = parser.parse_args()
    tls = None
    if arguments.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(arguments.certificate, arguments.key)
    handler = Handler()

    def connection():
        return SMTP(handler, hostname="mail.test", tls_context=tls, require_starttls=tls is not None)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connection, "127.0.0.1", 0)
    say(port=server.sockets[0].getsockname()[1])
    # Whoever started us closes our standard input when done, also when killed.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
