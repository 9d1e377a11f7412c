# One program as a service on Fargate (ARM): its tasks, how they are replaced, and how many there are.

data "aws_region" "current" {}

locals {
  full_name  = "${var.prefix}-${var.name}"
  is_web     = var.door != null
  port       = 8080
  admin_port = 9090

  # A task may be told to stop while the balancer is still being told, which then sends requests for some
  # seconds more: the task goes on answering for so long.
  drain_delay_ms = 15000

  settings = merge(
    {
      HALLES_HTTP__HOST               = "0.0.0.0"
      HALLES_HTTP__ADMIN_PORT         = tostring(local.admin_port)
      HALLES_TELEMETRY__OTLP_ENDPOINT = "http://127.0.0.1:4318"
      HALLES_TELEMETRY__TRACE_RATIO   = "0.01"
    },
    local.is_web ? {
      HALLES_HTTP__PORT           = tostring(local.port)
      HALLES_HTTP__DRAIN_DELAY_MS = tostring(local.drain_delay_ms)
    } : {},
    var.environment,
  )

  logs = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = var.log_group
      awslogs-region        = data.aws_region.current.region
      awslogs-stream-prefix = var.name
      # A log that cannot be written must not hold up an order.
      mode            = "non-blocking"
      max-buffer-size = "4m"
    }
  }

  program = {
    name                   = var.name
    image                  = var.image
    essential              = true
    user                   = "10001"
    readonlyRootFilesystem = true
    # Longer than it goes on answering, and then finishes what it has begun.
    stopTimeout      = 60
    environment      = [for name in sort(keys(local.settings)) : { name = name, value = local.settings[name] }]
    secrets          = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = var.secrets[name] }]
    portMappings     = [for port in local.is_web ? [local.port, local.admin_port] : [local.admin_port] : { containerPort = port, protocol = "tcp" }]
    mountPoints      = [for directory in compact([var.work_directory]) : { sourceVolume = "work", containerPath = directory, readOnly = false }]
    logConfiguration = local.logs
    # Is it alive? Whether it is ready the balancer asks.
    healthCheck = {
      command     = ["CMD", "curl", "--fail", "--silent", "http://127.0.0.1:${local.admin_port}/livez"]
      interval    = 10
      timeout     = 3
      retries     = 3
      startPeriod = 60
    }
  }

  # Not essential: without it there are no traces, and everything else goes on.
  collector = {
    name                   = "collector"
    image                  = var.collector.image
    essential              = false
    readonlyRootFilesystem = true
    memoryReservation      = 64
    environment            = [{ name = "AOT_CONFIG_CONTENT", value = var.collector.config }]
    logConfiguration       = local.logs
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.full_name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task.cpu
  memory                   = var.task.memory
  execution_role_arn       = var.roles.start
  task_role_arn            = var.roles.run
  # An older one may be what a rollout is turned back to.
  skip_destroy          = true
  container_definitions = jsonencode([local.program, local.collector])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  dynamic "volume" {
    for_each = compact([var.work_directory])

    content {
      name = "work"
    }
  }
}

resource "aws_ecs_service" "this" {
  name                              = var.name
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = var.capacity.minimum_now
  platform_version                  = "LATEST"
  propagate_tags                    = "SERVICE"
  enable_ecs_managed_tags           = true
  enable_execute_command            = false
  availability_zone_rebalancing     = "ENABLED"
  health_check_grace_period_seconds = local.is_web ? 60 : null
  wait_for_steady_state             = var.wait_until_steady

  # New tasks first, then the old ones go: never fewer than there should be.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # The minimum always on capacity of our own; of what comes on top, a share may be on spare capacity.
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = var.capacity.minimum
    weight            = 100 - floor(100 * var.spot_share)
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.spot_share > 0 ? [1] : []

    content {
      capacity_provider = "FARGATE_SPOT"
      weight            = floor(100 * var.spot_share)
    }
  }

  network_configuration {
    subnets          = var.network.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.this

    content {
      target_group_arn = load_balancer.value.arn
      container_name   = var.name
      container_port   = local.port
    }
  }

  dynamic "service_registries" {
    for_each = var.registry_arn == null ? [] : [var.registry_arn]

    content {
      registry_arn = service_registries.value
    }
  }

  # How many there are is for the scaling to decide.
  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_lb_listener_rule.this]
}
