"""Looks at an account after an apply: is what was planned really there?

Run by `terraform-offline … emulated` against an emulated account (TERRAFORM_OFFLINE_CHECK), or against a true one with
TERRAFORM_OUTPUTS naming the file that `terraform output -json` was written to.
"""
import json
import os
import subprocess
import sys
from pathlib import Path

import boto3

HERE = Path(os.environ.get("HALLES_TERRAFORM", Path(__file__).resolve().parent))


def expect(seen, wanted, what):
    if seen != wanted:
        sys.exit(f"{what}: expected {wanted}, found {seen}")


def services(prefix, planned):
    """Every service runs on Fargate with its number of tasks, and can be rolled out without a gap."""
    ecs = boto3.client("ecs")
    found = ecs.describe_services(cluster=prefix, services=sorted(planned))["services"]
    expect(sorted(service["serviceName"] for service in found), sorted(planned), "services")
    for service in found:
        rollout = service.get("deploymentConfiguration", {})
        expect(rollout.get("minimumHealthyPercent", 100), 100, f"{service['serviceName']}: minimum healthy percent")
        least = planned[service["serviceName"]]["minimum"]
        if service["desiredCount"] < least:
            sys.exit(f"{service['serviceName']} wants {service['desiredCount']} tasks, and {least} are the least")


def scaling(prefix, planned):
    """Minimum, maximum, and what shows have scheduled, minute by minute."""
    client = boto3.client("application-autoscaling")
    targets = {t["ResourceId"]: t for t in client.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]}
    actions = client.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    for name, capacity in planned.items():
        resource = f"service/{prefix}/{name}"
        target = targets[resource]
        expect((target["MinCapacity"], target["MaxCapacity"]), (capacity["minimum"], capacity["maximum"]), resource)
        seen = {a["Schedule"]: (a["ScalableTargetAction"]["MinCapacity"], a["ScalableTargetAction"]["MaxCapacity"])
                for a in actions if a["ResourceId"] == resource}
        wanted = {s["schedule"]: (s["minimum"], s["maximum"]) for s in capacity["scheduled"].values()}
        expect(seen, wanted, f"{resource}: scheduled")
    policies = client.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    kept = {policy["ResourceId"].split("/")[-1] for policy in policies}
    for name in ["listing", "search", "order", "order-worker"]:
        if name not in kept:
            sys.exit(f"{name} would never grow by itself")


def databases(prefix, addresses):
    rds = boto3.client("rds")
    everything = rds.describe_db_instances()["DBInstances"]
    found = {d["DBInstanceIdentifier"]: d for d in everything if d["DBInstanceIdentifier"].startswith(f"{prefix}-")}
    replicas = [name for name in found if name.startswith(f"{prefix}-replica-")]
    expect(len(replicas), len(addresses["replicas"]), "read replicas")
    primary = found[f"{prefix}-primary"]
    expect(sorted(primary["ReadReplicaDBInstanceIdentifiers"]), sorted(replicas), "replicas of the primary")
    for name, database in found.items():
        expect(database["PubliclyAccessible"], False, f"{name}: public")
        expect(database["StorageEncrypted"], True, f"{name}: encrypted")


def walls(prefix):
    """Nothing but the balancer can be reached from anywhere."""
    groups = boto3.client("ec2").describe_security_groups()["SecurityGroups"]
    for group in groups:
        if not group["GroupName"].startswith(prefix):
            continue
        open_to_all = any(r.get("CidrIp") == "0.0.0.0/0" for p in group["IpPermissions"] for r in p["IpRanges"])
        if open_to_all and group["GroupName"] != f"{prefix}-balancer":
            sys.exit(f"{group['GroupName']} can be reached from anywhere")


def tools(place):
    """What operators run from inside is there, and can be reached from nowhere."""
    ecs = boto3.client("ecs")
    for tool, family in place["families"].items():
        definition = ecs.describe_task_definition(taskDefinition=family)["taskDefinition"]
        expect(definition["containerDefinitions"][0]["command"], [tool], f"{family}: what it runs")
    group = boto3.client("ec2").describe_security_groups(GroupIds=[place["security_group_id"]])["SecurityGroups"][0]
    expect(group["IpPermissions"], [], "ways to the tools")


def roles(prefix):
    """What listing's tasks start with lets them read listing's secrets and no others."""
    iam = boto3.client("iam")
    policy = iam.get_role_policy(RoleName=f"{prefix}-listing-start", PolicyName="start")["PolicyDocument"]
    policy = json.loads(policy) if isinstance(policy, str) else policy
    secrets = [r for s in policy["Statement"] if s.get("Sid") == "ReadItsSecrets" for r in s["Resource"]]
    names = sorted(arn.split(f":secret:{prefix}/")[1].rsplit("-", 1)[0] for arn in secrets)
    expect(names, ["cache-url", "read-primary-url", "read-replica-url", "rung-token", "signing", "signing-previous"], "secrets of listing")


def secrets_can_be_filled(outputs_file):
    """The script that fills secrets does, and tells nothing."""
    script = HERE / "bin" / "fill_secrets.py"
    run = subprocess.run([sys.executable, script, outputs_file], capture_output=True, text=True, check=True)
    outputs = json.loads(Path(outputs_file).read_text(encoding="utf-8"))
    client = boto3.client("secretsmanager")
    arns = outputs["secrets"]["value"]
    passwords = json.loads(client.get_secret_value(SecretId=arns["role-passwords"])["SecretString"])
    url = client.get_secret_value(SecretId=arns["read-replica-url"])["SecretString"]
    for address in outputs["addresses"]["value"]["replicas"]:
        if f"{address}:5432" not in url:
            sys.exit("the address of the replicas leaves one out")
    if passwords["read"] not in url or any(password in run.stdout for password in passwords.values()):
        sys.exit("the password of the readers is not where it belongs")
    signing = client.get_secret_value(SecretId=arns["signing"])["SecretString"]
    rotated = [sys.executable, script, outputs_file, "--rotate", "read", "--rotate", "signing"]
    subprocess.run(rotated, capture_output=True, text=True, check=True)
    again = json.loads(client.get_secret_value(SecretId=arns["role-passwords"])["SecretString"])
    if again["read"] == passwords["read"] or again["write"] != passwords["write"]:
        sys.exit("rotating one password did not replace that one alone")
    previous = client.get_secret_value(SecretId=arns["signing-previous"])["SecretString"]
    if previous != signing or client.get_secret_value(SecretId=arns["signing"])["SecretString"] == signing:
        sys.exit("the signing key of before is not kept beside the new one")


def main():
    outputs_file = os.environ["TERRAFORM_OUTPUTS"]
    with open(outputs_file, encoding="utf-8") as file:
        outputs = {name: output["value"] for name, output in json.load(file).items()}
    prefix = outputs["cluster"]
    boto3.setup_default_session(region_name=outputs["region"])
    services(prefix, outputs["services"])
    scaling(prefix, outputs["services"])
    databases(prefix, outputs["addresses"])
    walls(prefix)
    tools(outputs["tools"])
    roles(prefix)
    if os.environ.get("AWS_ENDPOINT_URL"):
        secrets_can_be_filled(outputs_file)
    scheduled = sum(len(service["scheduled"]) for service in outputs["services"].values())
    print(f"{prefix}: {len(outputs['services'])} services, {scheduled} scheduled steps, "
          f"{len(outputs['addresses']['replicas'])} replicas: as planned")


main()
