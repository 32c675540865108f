"""A mail server for tests, on a free port of this machine.

It prints its port, then one line of JSON for each mail that it takes: who it is from, whom it is
for, the data as they came, and the text as a mail client would show it. It ends when its standard
input does.
"""

import argparse
import asyncio
import email
import email.policy
import json
import logging
import ssl
import sys
import threading
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starttls", metavar="PEM", help="a key and a certificate: demand STARTTLS")
    parser.add_argument("--tls", metavar="PEM", help="a key and a certificate: speak TLS from the start")
    parser.add_argument("--login", metavar="USER:PASSWORD", help="demand AUTH")
    parser.add_argument("--busy", metavar="N", type=int, default=0, help="answer 451 to the first N mails")
    parser.add_argument("--refuse", action="store_true", help="answer 550 to every recipient")
    return parser.parse_args()


def say(line):
    print(line, flush=True)


class Handler:
    def __init__(self, busy, refuse):
        self.busy = busy
        self.refuse = refuse

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.refuse:
            return f"550 5.1.1 <{address}> is nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy > 0:
            self.busy -= 1
            return f"451 4.3.0 too busy for <{envelope.rcpt_tos[0]}>"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "data": envelope.content.decode("utf-8", "replace"),
            "text": message.get_content(),
        }))
        return "250 OK"


def certified(file):
    if not file:
        return None
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    return tls


def sessions(options):
    def authenticate(server, session, envelope, mechanism, data):
        given = data if isinstance(data, LoginPassword) else LoginPassword(b"", b"")
        right = b":".join(given) == options.login.encode()
        return AuthResult(success=right, handled=False)

    handler = Handler(options.busy, options.refuse)
    starttls = certified(options.starttls)
    return lambda: SMTP(
        handler,
        hostname="localhost",
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=authenticate if options.login else None,
        auth_required=options.login is not None,
        auth_require_tls=False,
    )


async def main():
    given = options()
    # What it says of itself and of its clients would only clutter the output of the tests.
    warnings.simplefilter("ignore")
    logging.disable()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(sessions(given), "127.0.0.1", 0, ssl=certified(given.tls))
    say(server.sockets[0].getsockname()[1])

    ended = asyncio.Event()

    def wait_for_the_end():
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    await ended.wait()
    server.close()


asyncio.run(main())
