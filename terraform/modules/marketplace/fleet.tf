# How the programs run: one cluster, one service each, each with its own identity and its own walls.

locals {
  # A public image, by the digest's name when it is pinned more tightly than by its version.
  collector_image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
  psql_image      = "public.ecr.aws/docker/library/postgres:15-bookworm"
  metrics         = { namespace = local.prefix, dimension = "service.name" }
}

resource "aws_ecs_cluster" "this" {
  name = local.prefix

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_cloudwatch_log_group" "program" {
  for_each = toset(concat(keys(local.programs), ["jobs"]))

  name              = "/${local.prefix}/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = module.key.arn
}

resource "aws_cloudwatch_log_group" "metrics" {
  name              = "/${local.prefix}/metrics"
  retention_in_days = var.log_retention_days
  kms_key_id        = module.key.arn
}

module "identity" {
  source   = "../identity"
  for_each = local.programs

  name                  = "${local.prefix}-${each.key}"
  secret_arns           = [for secret in sort(distinct(values(each.value.secrets))) : module.secrets.arns[secret]]
  key_arn               = module.key.arn
  repository_arns       = [module.registry.arns[each.key]]
  log_group_arn         = aws_cloudwatch_log_group.program[each.key].arn
  metrics_log_group_arn = aws_cloudwatch_log_group.metrics.arn
  policies              = each.value.policies
}

module "service" {
  source   = "../service"
  for_each = { for name, program in local.programs : name => program if var.running }

  prefix            = local.prefix
  name              = each.key
  image             = "${module.registry.urls[each.key]}:${var.image_tag}"
  task              = { cpu = local.sizes[each.key].cpu, memory = local.sizes[each.key].memory }
  environment       = each.value.environment
  secrets           = { for setting, secret in each.value.secrets : setting => module.secrets.arns[secret] }
  work_directory    = each.value.work
  roles             = { start = module.identity[each.key].start_role_arn, run = module.identity[each.key].run_role_arn }
  log_group         = aws_cloudwatch_log_group.program[each.key].name
  collector         = { image = local.collector_image, config = local.collector_config }
  cluster           = { arn = aws_ecs_cluster.this.arn, name = aws_ecs_cluster.this.name }
  network           = { vpc_id = module.network.vpc_id, subnet_ids = module.network.private_subnet_ids }
  security_group_id = aws_security_group.program[each.key].id
  registry_arn      = try(aws_service_discovery_service.inside[each.key].arn, null)
  spot_share        = var.spot_share
  wait_until_steady = var.wait_until_steady

  door = each.value.paths == null ? null : {
    listener_arn        = module.load_balancer.listener_arn
    balancer_suffix     = module.load_balancer.arn_suffix
    paths               = each.value.paths
    first_priority      = each.value.priority
    requests_per_target = local.sizes[each.key].requests_per_target
  }

  queue_age = each.key != "order-worker" ? null : {
    namespace  = local.metrics.namespace
    metric     = "order_log_oldest_age"
    dimensions = { (local.metrics.dimension) = "halles-order-worker" }
    seconds    = 5
  }

  capacity = {
    minimum     = local.sizes[each.key].minimum
    maximum     = local.sizes[each.key].maximum
    minimum_now = module.shows.minimum_now[each.key]
    held_now    = module.shows.held_now[each.key]
    steps       = module.shows.steps[each.key]
  }

  depends_on = [aws_ecs_cluster_capacity_providers.this]
}

locals {
  # OTLP from the program beside it; traces to X-Ray, metrics to CloudWatch.
  collector_config = yamlencode({
    receivers  = { otlp = { protocols = { http = { endpoint = "127.0.0.1:4318" } } } }
    processors = { batch = { timeout = "5s" } }
    exporters = {
      awsxray = { region = data.aws_region.current.region }
      awsemf = {
        region                           = data.aws_region.current.region
        namespace                        = local.metrics.namespace
        log_group_name                   = aws_cloudwatch_log_group.metrics.name
        dimension_rollup_option          = "NoDimensionRollup"
        resource_to_telemetry_conversion = { enabled = true }
        # What scaling, alarms and the dashboard use. Everything else is in Prometheus, where it costs nothing.
        metric_declarations = [{
          dimensions            = [[local.metrics.dimension]]
          metric_name_selectors = ["^order_log_(depth|oldest_age|set_aside)$"]
        }]
      }
    }
    service = { pipelines = {
      traces  = { receivers = ["otlp"], processors = ["batch"], exporters = ["awsxray"] }
      metrics = { receivers = ["otlp"], processors = ["batch"], exporters = ["awsemf"] }
    } }
  })
}
