# What a show needs at certain minutes and the scaling itself has no calendar for: no shrinking while people watch, and the
# balancer's reservation. The scheduler calls the interfaces of AWS directly; what it could not do is not lost but kept, and told.

locals {
  holds = merge([for service, moments in var.holds : {
    for moment, held in moments : "${service}-${replace(moment, "/[^0-9TZ]/", "")}" => { service = service, moment = moment, held = held }
  }]...)

  retries = { maximum_event_age_in_seconds = 900, maximum_retry_attempts = 20 }
}

resource "aws_scheduler_schedule_group" "this" {
  name = "${var.prefix}-shows"
}

resource "aws_sqs_queue" "undone" {
  name                              = "${var.prefix}-shows-undone"
  message_retention_seconds         = 1209600
  kms_master_key_id                 = var.key_arn
  kms_data_key_reuse_period_seconds = 300
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "HoldAndLetGo"
    actions   = ["application-autoscaling:RegisterScalableTarget"]
    resources = ["*"] # a scalable target is named in the request, not by an ARN

    condition {
      test     = "StringEquals"
      variable = "application-autoscaling:service-namespace"
      values   = ["ecs"]
    }
  }

  statement {
    sid       = "ReserveAndGiveBack"
    actions   = ["elasticloadbalancing:ModifyCapacityReservation"]
    resources = [var.balancer_arn]
  }

  statement {
    sid       = "KeepWhatCouldNotBeDone"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.undone.arn]
  }

  statement {
    sid       = "Encrypted"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn]
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.prefix}-shows"
  description        = "Does at certain minutes what a show needs"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "this" {
  name   = "shows"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_scheduler_schedule" "hold" {
  for_each = local.holds

  name                         = "${each.value.held ? "hold" : "let-go"}-${each.key}"
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = "${each.value.service} ${each.value.held ? "may not shrink by itself" : "may shrink again"}"
  schedule_expression          = "at(${trimsuffix(each.value.moment, "Z")})"
  schedule_expression_timezone = "UTC"
  action_after_completion      = "NONE"
  kms_key_arn                  = var.key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:applicationautoscaling:registerScalableTarget"
    role_arn = aws_iam_role.this.arn
    # Only what is named is changed: minimum and maximum stay what they are.
    input = jsonencode({
      ServiceNamespace  = "ecs"
      ScalableDimension = "ecs:service:DesiredCount"
      ResourceId        = var.resource_ids[each.value.service]
      SuspendedState    = { DynamicScalingInSuspended = each.value.held }
    })

    retry_policy {
      maximum_event_age_in_seconds = local.retries.maximum_event_age_in_seconds
      maximum_retry_attempts       = local.retries.maximum_retry_attempts
    }

    dead_letter_config {
      arn = aws_sqs_queue.undone.arn
    }
  }
}

resource "aws_scheduler_schedule" "reserve" {
  for_each = var.capacity_units

  name                         = "reserve-${replace(each.key, "/[^0-9TZ]/", "")}"
  group_name                   = aws_scheduler_schedule_group.this.name
  description                  = each.value > 0 ? "The balancer reserves ${each.value} capacity units" : "The balancer gives its reservation back"
  schedule_expression          = "at(${trimsuffix(each.key, "Z")})"
  schedule_expression_timezone = "UTC"
  action_after_completion      = "NONE"
  kms_key_arn                  = var.key_arn

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:modifyCapacityReservation"
    role_arn = aws_iam_role.this.arn
    input = each.value > 0 ? jsonencode({
      LoadBalancerArn             = var.balancer_arn
      MinimumLoadBalancerCapacity = { CapacityUnits = each.value }
      }) : jsonencode({
      LoadBalancerArn          = var.balancer_arn
      ResetCapacityReservation = true
    })

    retry_policy {
      maximum_event_age_in_seconds = local.retries.maximum_event_age_in_seconds
      maximum_retry_attempts       = local.retries.maximum_retry_attempts
    }

    dead_letter_config {
      arn = aws_sqs_queue.undone.arn
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "undone" {
  alarm_name          = "${var.prefix}-show-schedule-undone"
  alarm_description   = "Something that a show needs could not be done at its minute. Runbook: infra/runbooks/aws-show.md"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.undone.name }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.topic_arn]
}
