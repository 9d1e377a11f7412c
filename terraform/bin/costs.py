#!/usr/bin/env python3
"""What an environment costs in a month without a show: its sizes times infra/prices/aws-eu-west-3.toml, as a table.

    terraform/bin/costs.py production            the table
    terraform/bin/costs.py production --write    into the README of the environment, between its two marks

What traffic costs is in no such table; `halles-rehearse plan` says what a show costs.
"""
import re
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PRICES = HERE.parent / "infra" / "prices" / "aws-eu-west-3.toml"
BEGIN, END = "<!-- costs -->", "<!-- end of costs -->"
ZONES, INTERFACES, SECRETS = 3, 6, {"staging": 12, "production": 13}
ORDER_LOG = {"staging": ("db.t4g.small", 2), "production": ("db.r7g.large", 2)}
SANDBOX_TASKS = {"staging": 2, "production": 0}


def of_class(table, name):
    return next(entry["hour"] for entry in table["class"] if entry["name"] == name)


def found(pattern, text):
    return re.search(pattern, text).groups()


def rows(environment, prices):
    text = (HERE / "environments" / environment / "main.tf").read_text(encoding="utf-8")
    month = prices["hours_per_month"]
    task = prices["fargate_arm"]
    for name, cpu, memory, minimum in re.findall(r"([\w-]+)\s+= \{ cpu = (\d+), memory = (\d+), minimum = (\d+)", text):
        hour = int(cpu) / 1024 * task["vcpu_hour"] + int(memory) / 1024 * task["gb_hour"]
        yield f"{name}: {minimum} × {int(cpu) / 1024:g} vCPU, {int(memory) / 1024:g} GB", int(minimum) * hour * month
    if SANDBOX_TASKS[environment]:
        hour = 0.25 * task["vcpu_hour"] + 0.5 * task["gb_hour"]
        yield f"payments, mailbox: {SANDBOX_TASKS[environment]} × 0.25 vCPU, 0.5 GB", SANDBOX_TASKS[environment] * hour * month

    database = prices["database"]
    primary, replica, replicas, storage, multi = found(
        r'instance_class = "(.*?)"\s+replica_class\s+= "(.*?)"\s+replicas\s+= (\d+)\s+storage_gib\s+= \{ initial = (\d+).*?\}\s+multi_az\s+= (\w+)',
        text)
    copies = database["multi_az_factor"] if multi == "true" else 1
    yield f"database: {primary}{' and its standby' if multi == 'true' else ''}", of_class(database, primary) * copies * month
    yield f"read replicas: {replicas} × {replica}", of_class(database, replica) * int(replicas) * month
    yield f"their storage: {storage} GB each", database["storage_gb_month"] * int(storage) * (copies + int(replicas))

    node, shards, copies = found(r'node_type = "(.*?)", shards = (\d+), replicas_per_shard = (\d+)', text)
    nodes = int(shards) * (1 + int(copies))
    yield f"cache: {nodes} × {node}", of_class(prices["cache"], node) * nodes * month
    node, nodes = ORDER_LOG[environment]
    yield f"order log: {nodes} × {node} (its own state)", of_class(prices["order_log"], node) * nodes * month

    ways_out = ZONES if "nat_per_zone = true" in text else 1
    network = prices["network"]
    yield f"ways out: {ways_out} NAT", ways_out * network["nat_hour"] * month
    yield f"ways in to AWS: {INTERFACES} endpoints × {ZONES} zones", INTERFACES * ZONES * network["interface_endpoint_hour"] * month
    balancer = prices["load_balancer"]
    yield "load balancer: with one capacity unit, three addresses", (
        balancer["hour"] + balancer["capacity_unit_hour"] + ZONES * network["public_address_hour"]) * month
    yield "firewall: two rules", prices["edge"]["waf_month"] + 2 * prices["edge"]["waf_rule_month"]
    yield "key and secrets", prices["secrets"]["key_month"] + SECRETS[environment] * prices["secrets"]["secret_month"]


def table(environment):
    with open(PRICES, "rb") as file:
        prices = tomllib.load(file)
    lines = ["| what | $ a month |", "| --- | ---: |"]
    total = 0.0
    for what, dollars in rows(environment, prices):
        lines.append(f"| {what} | {dollars:,.0f} |")
        total += dollars
    euros = total * prices["euros_per_dollar"]
    lines.append(f"| **together** | **{total:,.0f}** (about {euros:,.0f} €) |")
    lines.append("")
    lines.append(f"On demand, without tax, without traffic and logs, at the prices of {prices['as_of']} "
                 "(`infra/prices/aws-eu-west-3.toml`; most are estimates, and it says which).")
    return "\n".join(lines)


def main():
    environment = sys.argv[1]
    text = table(environment)
    if "--write" not in sys.argv:
        print(text)
        return
    readme = HERE / "environments" / environment / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


main()
