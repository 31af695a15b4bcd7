#!/usr/bin/env python3
"""Computes the hash chains of an exported ledger again, without Passmint.

Usage: verify_chain.py FILE [CHECKPOINT]

FILE is what `passmint ledger export` wrote, as jsonl or csv; - is standard
input. With a CHECKPOINT document, every account in it must be found in FILE
with the head that the checkpoint saw.

An account's chain (SHA-256, integers big-endian):
  genesis = H("passmint/1" 0x00 programme 0x00 account)
  hash    = H(previous hash, sequence as 8 bytes, length of body as 8 bytes, body)

Python's standard library only. Ends with 1 at the first entry that is wrong.
"""

import base64
import csv
import hashlib
import json
import struct
import sys


def entries(stream):
    """(programme, account, sequence, hash, body) of each line."""
    first = stream.readline()
    if first.startswith("programme,"):
        for row in csv.DictReader(stream, fieldnames=first.rstrip("\n").split(",")):
            yield (row["programme"], row["account"], int(row["sequence"]), bytes.fromhex(row["hash"]),
                   base64.b64decode(row["body"], validate=True))
        return
    line = first
    while line:
        row = json.loads(line)
        yield (row["programme"], row["account"], row["sequence"], bytes.fromhex(row["hash"]),
               base64.b64decode(row["body"], validate=True))
        line = stream.readline()


def genesis(programme, account):
    return hashlib.sha256(b"passmint/1\0" + programme.encode() + b"\0" + account.encode()).digest()


def next_hash(previous, sequence, body):
    return hashlib.sha256(previous + struct.pack(">QQ", sequence, len(body)) + body).digest()


def read_checkpoint(path):
    """{(programme, account): (sequence, head)} of a checkpoint document, signature not looked at."""
    with open(path, encoding="utf-8") as document:
        lines = document.read().splitlines()
    leaves = {}
    for line in lines[7:]:
        programme, account, sequence, head = line.split(" ")
        leaves[programme, account] = (int(sequence), bytes.fromhex(head))
    return leaves


def fail(message):
    print(message)
    sys.exit(1)


def verify(stream, leaves):
    heads = {}  # (programme, account): (sequence, hash)
    count = 0
    for programme, account, sequence, stored, body in entries(stream):
        key = programme, account
        last, previous = heads.get(key, (0, genesis(programme, account)))
        if sequence != last + 1:
            fail(f"{programme} {account} {last + 1}: missing; the next entry is {sequence}")
        expected = next_hash(previous, sequence, body)
        if expected != stored:
            fail(f"{programme} {account} {sequence}: its hash is not that of its bytes")
        heads[key] = sequence, expected
        if leaves.get(key, (0, b""))[0] == sequence:
            if leaves[key][1] != expected:
                fail(f"{programme} {account} {sequence}: the checkpoint saw another entry")
            del leaves[key]
        count += 1
    for programme, account in leaves:
        fail(f"{programme} {account}: the checkpoint saw more entries")
    print(f"ok: {len(heads)} accounts, {count} entries")


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    leaves = read_checkpoint(arguments[1]) if len(arguments) == 2 else {}
    if arguments[0] == "-":
        verify(sys.stdin, leaves)
    else:
        with open(arguments[0], encoding="utf-8", newline="") as stream:
            verify(stream, leaves)


if __name__ == "__main__":
    main(sys.argv[1:])
