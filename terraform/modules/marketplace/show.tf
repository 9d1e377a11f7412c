# What shows ask for, and who hears of it when something is not as it should be.

module "shows" {
  source = "../shows"

  shows         = var.shows
  now           = var.now == null ? formatdate("YYYY-MM-DD'T'hh:mm:ss'Z'", plantimestamp()) : var.now
  services      = { for name, size in local.sizes : name => { minimum = size.minimum, maximum = size.maximum } if contains(keys(local.programs), name) }
  read_replicas = var.database.replicas
}

module "show_schedule" {
  source = "../show_schedule"

  prefix         = local.prefix
  holds          = { for service, holds in module.shows.holds : service => holds if var.running }
  resource_ids   = { for name, service in module.service : name => service.resource_id }
  balancer_arn   = module.load_balancer.arn
  capacity_units = module.shows.capacity_units
  topic_arn      = aws_sns_topic.alarms.arn
  key_arn        = module.key.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${local.prefix}-alarms"
  kms_master_key_id = module.key.arn
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "AlarmsAndTheBudgetSpeak"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

module "monitoring" {
  source = "../monitoring"

  prefix          = local.prefix
  emails          = var.alarm_emails
  topic_arn       = aws_sns_topic.alarms.arn
  cluster_name    = aws_ecs_cluster.this.name
  balancer_suffix = module.load_balancer.arn_suffix
  target_groups   = { for name, service in module.service : name => service.target_group_suffix if local.programs[name].paths != null }
  services        = keys(local.programs)
  cache_id        = module.cache.id
  metrics         = local.metrics

  database = {
    primary           = module.database.identifiers.primary
    replicas          = module.database.identifiers.replicas
    low_storage_bytes = floor(var.database.storage_gib.initial / 5) * 1024 * 1024 * 1024
  }
}
