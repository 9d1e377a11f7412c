#!/usr/bin/env python3
"""Runs one of the tools inside an environment, where the order log and the admin ports can be reached, and prints what it said.

    terraform -chdir=terraform/environments/production output -json > outputs.json
    terraform/bin/run_tool.py outputs.json redrive                     requests to buy that were set aside
    terraform/bin/run_tool.py outputs.json redrive --all               tries them once more
    terraform/bin/run_tool.py outputs.json rung                        the rung of every task that has a door
    terraform/bin/run_tool.py outputs.json rung set 3 --for 20m --why "placing is slow"

What stands behind the file is what `cargo dev` understands. It needs boto3 and the role to operate; the exit status is the tool's.
"""
import json
import sys

import boto3

ADMIN_PORT = 9090


def doors(ecs, cluster, services):
    """The admin port of every running task that has a door."""
    found = []
    for service in services:
        tasks = [arn for page in ecs.get_paginator("list_tasks").paginate(cluster=cluster, serviceName=service)
                 for arn in page["taskArns"]]
        for start in range(0, len(tasks), 100):
            for task in ecs.describe_tasks(cluster=cluster, tasks=tasks[start:start + 100])["tasks"]:
                details = [detail for attachment in task["attachments"] for detail in attachment["details"]]
                found += [f"{detail['value']}:{ADMIN_PORT}" for detail in details if detail["name"] == "privateIPv4Address"]
    return sorted(found)


def run(ecs, cluster, place, arguments):
    """Starts the task and waits for its end; returns it."""
    tool = arguments[0]
    # Whoever sets a rung is shown with it.
    by = boto3.client("sts").get_caller_identity()["Arn"].rsplit("/", 1)[-1]
    container = {"name": tool, "command": arguments, "environment": [{"name": "USER", "value": by}]}
    network = {"subnets": place["subnet_ids"], "securityGroups": [place["security_group_id"]], "assignPublicIp": "DISABLED"}
    started = ecs.run_task(cluster=cluster, taskDefinition=place["families"][tool], launchType="FARGATE",
                           networkConfiguration={"awsvpcConfiguration": network}, overrides={"containerOverrides": [container]})
    if started["failures"]:
        sys.exit(f"{tool} was not started: {started['failures']}")
    task = started["tasks"][0]["taskArn"]
    ecs.get_waiter("tasks_stopped").wait(cluster=cluster, tasks=[task], WaiterConfig={"Delay": 3, "MaxAttempts": 100})
    return ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"][0]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        outputs = {name: output["value"] for name, output in json.load(file).items()}
    place, cluster, arguments = outputs["tools"], outputs["cluster"], sys.argv[2:]
    if arguments[0] not in place["families"]:
        sys.exit(f"there is no tool {arguments[0]}; there are {', '.join(sorted(place['families']))}")
    boto3.setup_default_session(region_name=outputs["region"])
    ecs = boto3.client("ecs")
    if arguments[0] == "rung":
        arguments += ["--at", ",".join(doors(ecs, cluster, place["doors"]))]
    task = run(ecs, cluster, place, arguments)
    stream = f"{arguments[0]}/{arguments[0]}/{task['taskArn'].rsplit('/', 1)[-1]}"
    logs = boto3.client("logs")
    try:
        for event in logs.get_log_events(logGroupName=place["log_group"], logStreamName=stream, startFromHead=True)["events"]:
            print(event["message"])
    except logs.exceptions.ResourceNotFoundException:
        print(task.get("stoppedReason", "it said nothing"), file=sys.stderr)
    sys.exit(task["containers"][0].get("exitCode", 1))


main()
