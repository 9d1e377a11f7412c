# Alarms about what AWS sees, each with a cause and a page to read. What shoppers feel is watched by the rules in
# infra/prometheus; these also speak when that is gone.

locals {
  runbooks = "Runbook: infra/runbooks"

  balancer = { LoadBalancer = var.balancer_suffix }

  alarms = merge(
    {
      balancer-errors = {
        about     = "The balancer itself answers 5xx: no task takes what it sends. ${local.runbooks}/aws-operations.md"
        namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = local.balancer
        statistic = "Sum", threshold = 50, minutes = 2, below = false
      }
      service-errors = {
        about     = "Services answer 5xx (a refusal for load is one). ${local.runbooks}/aws-operations.md"
        namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.balancer
        statistic = "Sum", threshold = 200, minutes = 3, below = false
      }
      balancer-refuses = {
        about     = "The balancer refuses connections: it is at its limit. ${local.runbooks}/aws-show.md"
        namespace = "AWS/ApplicationELB", metric = "RejectedConnectionCount", dimensions = local.balancer
        statistic = "Sum", threshold = 0, minutes = 1, below = false
      }
      primary-cpu = {
        about     = "The primary is busy. ${local.runbooks}/aws-operations.md"
        namespace = "AWS/RDS", metric = "CPUUtilization", dimensions = { DBInstanceIdentifier = var.database.primary }
        statistic = "Average", threshold = 80, minutes = 5, below = false
      }
      primary-storage = {
        about     = "The primary runs out of storage. ${local.runbooks}/aws-operations.md"
        namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = { DBInstanceIdentifier = var.database.primary }
        statistic = "Minimum", threshold = var.database.low_storage_bytes, minutes = 5, below = true
      }
      cache-cpu = {
        about     = "The cache is busy. ${local.runbooks}/aws-operations.md"
        namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization", dimensions = { ReplicationGroupId = var.cache_id }
        statistic = "Maximum", threshold = 80, minutes = 5, below = false
      }
      orders-wait = {
        about     = "Requests to buy wait too long in the order log. ${local.runbooks}/aws-operations.md"
        namespace = var.metrics.namespace, metric = "order_log_oldest_age", dimensions = { (var.metrics.dimension) = "halles-order-worker" }
        statistic = "Maximum", threshold = 60, minutes = 2, below = false
      }
      orders-set-aside = {
        about     = "Requests to buy were set aside for people to look at. ${local.runbooks}/aws-operations.md"
        namespace = var.metrics.namespace, metric = "order_log_set_aside", dimensions = { (var.metrics.dimension) = "halles-order-worker" }
        statistic = "Maximum", threshold = 0, minutes = 1, below = false
      }
    },
    { for identifier in var.database.replicas : "lag-${identifier}" => {
      about     = "A replica is behind: pages are old. ${local.runbooks}/aws-operations.md"
      namespace = "AWS/RDS", metric = "ReplicaLag", dimensions = { DBInstanceIdentifier = identifier }
      statistic = "Maximum", threshold = 5, minutes = 2, below = false
    } },
    { for service, suffix in var.target_groups : "unready-${service}" => {
      about     = "Tasks of ${service} are not ready. ${local.runbooks}/aws-operations.md"
      namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", dimensions = merge(local.balancer, { TargetGroup = suffix })
      statistic = "Maximum", threshold = 0, minutes = 3, below = false
    } },
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = each.value.about
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = each.value.minutes
  comparison_operator = each.value.below ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = each.value.threshold
  # Nobody came: no figure, and nothing wrong.
  treat_missing_data = "notBreaching"
  alarm_actions      = [var.topic_arn]
  ok_actions         = [var.topic_arn]
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = var.topic_arn
  protocol  = "email"
  endpoint  = each.value
}
