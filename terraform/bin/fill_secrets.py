#!/usr/bin/env python3
"""Puts secrets into the places that Terraform made for them, so that none is ever in a state, a plan or a file.

    terraform -chdir=terraform/environments/staging output -json > outputs.json
    terraform/bin/fill_secrets.py outputs.json                        what is still empty is filled; nothing is replaced
    terraform/bin/fill_secrets.py outputs.json --rotate signing       one secret is replaced (see infra/runbooks/secrets.md)
    terraform/bin/fill_secrets.py outputs.json --order-log order-log.json
    terraform/bin/fill_secrets.py outputs.json --set smtp-url         reads the value from standard input

`order-log.json` holds the outputs of terraform/order_log. Addresses of databases follow the outputs: run it again when a read
replica has come or gone. It needs boto3 and somebody's right to write these secrets; it prints names, never values.
"""
import argparse
import json
import secrets
import string
import sys

import boto3

LETTERS = string.ascii_letters + string.digits
# Made here, from nothing.
RANDOM = ["signing", "rung-token"]
# What a signing key signed stays good after it was replaced, until the next time.
BEFORE = {"signing": "signing-previous"}
# Agreed with others; in a sandbox the other side is ours, so these are made here too.
AGREED = ["payment-api-key", "payment-notice-secret"]
# Our images hold the authorities that vouch for RDS.
VERIFIED = "sslmode=verify-full&sslrootcert=/etc/halles/aws-rds.pem"
ROLES = {"read-replica-url": "read", "read-primary-url": "read", "write-primary-url": "write", "owner-url": "owner"}


def random_text(length=48):
    return "".join(secrets.choice(LETTERS) for _ in range(length))


class Places:
    """The secrets of one environment."""

    def __init__(self, arns):
        self.arns = arns
        region = next(iter(arns.values())).split(":")[3]
        self.client = boto3.client("secretsmanager", region_name=region)

    def read(self, name):
        try:
            return self.client.get_secret_value(SecretId=self.arns[name])["SecretString"]
        except self.client.exceptions.ResourceNotFoundException:
            return None

    def write(self, name, value):
        if self.read(name) == value:
            return
        self.client.put_secret_value(SecretId=self.arns[name], SecretString=value)
        print(f"{name}: set")


def role_passwords(places, rotate):
    """The passwords of the database's roles; `rotate` names those to be replaced."""
    passwords = json.loads(places.read("role-passwords") or "{}")
    for role in ["owner", "write", "read"]:
        if role not in passwords or role in rotate:
            passwords[role] = random_text()
    places.write("role-passwords", json.dumps(passwords))
    return passwords


def database_url(name, passwords, addresses):
    role = ROLES[name]
    hosts = addresses["replicas"] if name == "read-replica-url" else [addresses["primary"]]
    # Several replicas: each connection goes to one of them at random.
    balance = "&load_balance_hosts=random" if len(hosts) > 1 else ""
    where = ",".join(f"{host}:5432" for host in hosts)
    return f"postgres://halles_{role}:{passwords[role]}@{where}/halles?{VERIFIED}{balance}"


def order_log_url(path, password):
    with open(path, encoding="utf-8") as file:
        outputs = json.load(file)
    return f"rediss://{outputs['user']['value']}:{password}@{outputs['address']['value']}:6379"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("outputs", help="what `terraform output -json` of the environment prints")
    parser.add_argument("--rotate", action="append", default=[], metavar="NAME",
                        help="replace a secret, or the password of a role: read, write, owner")
    parser.add_argument("--order-log", metavar="FILE", help="the outputs of terraform/order_log")
    parser.add_argument("--order-log-password", metavar="FILE",
                        help="the file with the order log's password, beside --order-log; - reads it from standard input")
    parser.add_argument("--set", metavar="NAME", help="put what comes in on standard input into this place")
    return parser.parse_args()


def main():
    given = arguments()
    with open(given.outputs, encoding="utf-8") as file:
        outputs = json.load(file)
    addresses = outputs["addresses"]["value"]
    places = Places(outputs["secrets"]["value"])
    unknown = set(given.rotate) - set(places.arns) - {"read", "write", "owner"}
    if unknown or (given.set and given.set not in places.arns):
        sys.exit(f"there is no secret {', '.join(unknown) or given.set}; there are {', '.join(sorted(places.arns))}")

    if given.set:
        places.write(given.set, sys.stdin.read().strip())
        return
    passwords = role_passwords(places, given.rotate)
    for name in ROLES:
        places.write(name, database_url(name, passwords, addresses))
    places.write("cache-url", f"rediss://{addresses['cache']}:6379")
    is_sandbox = "smtp-url" not in places.arns
    for name in RANDOM + (AGREED if is_sandbox else []):
        present = places.read(name)
        if present is None or name in given.rotate:
            fresh = random_text()
            if name in BEFORE:
                # A place must not be empty, so at first there are two of the same.
                places.write(BEFORE[name], present or fresh)
            places.write(name, fresh)
    if given.order_log:
        source = sys.stdin if given.order_log_password in (None, "-") else open(given.order_log_password, encoding="utf-8")
        places.write("order-log-url", order_log_url(given.order_log, source.read().strip()))
    for name in sorted(places.arns):
        if places.read(name) is None:
            print(f"{name}: still empty")


if __name__ == "__main__":
    main()
