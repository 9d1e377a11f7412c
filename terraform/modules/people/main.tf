# What people, and the build server, may do: look, intervene, deploy. Each is a role that one puts on, so that it is written
# down who did what; what belongs to another environment is out of reach, because the tags are others.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  of_this_account = "arn:aws:%s:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:%s"
  who             = { view = var.viewers, operate = var.operators, deploy = var.deployers }
  what = {
    view    = data.aws_iam_policy_document.view.json
    operate = data.aws_iam_policy_document.operate.json
    deploy  = data.aws_iam_policy_document.deploy.json
  }
}

data "aws_iam_policy_document" "assume" {
  for_each = { for role, people in local.who : role => people if length(people) > 0 }

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = each.value
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = data.aws_iam_policy_document.assume

  name                 = "${var.prefix}-${each.key}"
  description          = "For people: ${each.key}"
  assume_role_policy   = each.value.json
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "this" {
  for_each = aws_iam_role.this

  name   = each.key
  role   = each.value.id
  policy = local.what[each.key]
}

# Looking at what carries our tags. No secret's value, no one's data.
data "aws_iam_policy_document" "view" {
  statement {
    sid = "LookAtWhatIsOurs"
    actions = [
      "ecs:DescribeServices", "ecs:DescribeTasks", "ecs:DescribeClusters",
      "rds:DescribeDBInstances", "rds:ListTagsForResource",
      "elasticache:DescribeReplicationGroups",
      "secretsmanager:DescribeSecret",
      "logs:FilterLogEvents", "logs:GetLogEvents",
    ]
    resources = ["*"] # narrowed by the tags

    dynamic "condition" {
      for_each = var.tags

      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # What AWS cannot narrow: lists and figures, without contents.
  statement {
    sid = "FindOneWay"
    actions = [
      "ecs:ListClusters", "ecs:ListServices", "ecs:ListTasks", "ecs:DescribeTaskDefinition",
      "application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScheduledActions",
      "application-autoscaling:DescribeScalingActivities",
      "cloudwatch:GetDashboard", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:ListMetrics",
      "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeCapacityReservation",
      "scheduler:ListSchedules", "logs:DescribeLogGroups", "xray:GetTraceSummaries", "xray:BatchGetTraces",
    ]
    resources = ["*"]
  }
}

# Intervening: more tasks, new tasks, a database that changes places, a secret that is replaced. Not frozen by a show: it is on
# those evenings that it may be needed. It deletes nothing.
data "aws_iam_policy_document" "operate" {
  source_policy_documents = [data.aws_iam_policy_document.view.json]

  statement {
    sid = "Intervene"
    actions = [
      "ecs:UpdateService", "ecs:StopTask", "ecs:RunTask",
      "application-autoscaling:RegisterScalableTarget", "application-autoscaling:PutScheduledAction",
      "rds:RebootDBInstance", "rds:ModifyDBInstance", "rds:CreateDBSnapshot", "rds:PromoteReadReplica",
      "elasticache:TestFailover", "elasticache:ModifyReplicationGroup",
      "elasticloadbalancing:ModifyCapacityReservation",
      "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue",
      "arc-zonal-shift:StartZonalShift", "arc-zonal-shift:CancelZonalShift", "arc-zonal-shift:UpdateZonalShift",
    ]
    resources = ["*"] # narrowed by the tags

    dynamic "condition" {
      for_each = var.tags

      content {
        test     = "StringEquals"
        variable = "aws:ResourceTag/${condition.key}"
        values   = [condition.value]
      }
    }
  }

  statement {
    sid       = "GiveTasksTheirRoles"
    actions   = ["iam:PassRole"]
    resources = var.task_role_arns

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "deploy" {
  statement {
    sid = "PutImages"
    actions = [
      "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload",
      "ecr:PutImage", "ecr:UploadLayerPart",
    ]
    resources = var.repository_arns
  }

  statement {
    sid       = "LogInToTheRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # is about no repository
  }

  statement {
    sid     = "RollOut"
    actions = ["ecs:UpdateService", "ecs:DescribeServices", "ecs:RunTask", "ecs:DescribeTasks"]
    resources = [
      "${replace(var.cluster_arn, ":cluster/", ":service/")}/*",
      "${replace(var.cluster_arn, ":cluster/", ":task/")}/*",
      format(local.of_this_account, "ecs", "task-definition/${var.prefix}-*"),
    ]
  }

  statement {
    sid       = "DescribeAVersion"
    actions   = ["ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition"]
    resources = ["*"] # registering is about no resource that is there yet
  }

  statement {
    sid       = "GiveTasksTheirRoles"
    actions   = ["iam:PassRole"]
    resources = var.task_role_arns

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }

  # Around a show nobody deploys. Whoever must, all the same, puts on the role to operate, which is written down.
  dynamic "statement" {
    for_each = var.freezes

    content {
      sid       = "Freeze${join("", [for word in split("-", statement.key) : title(word)])}"
      effect    = "Deny"
      actions   = ["ecs:UpdateService", "ecs:RunTask", "ecs:RegisterTaskDefinition", "ecr:PutImage"]
      resources = ["*"]

      condition {
        test     = "DateGreaterThanEquals"
        variable = "aws:CurrentTime"
        values   = [statement.value.from]
      }

      condition {
        test     = "DateLessThan"
        variable = "aws:CurrentTime"
        values   = [statement.value.until]
      }
    }
  }
}
