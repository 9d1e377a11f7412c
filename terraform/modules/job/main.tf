# A program that runs to its end when it is asked to (`aws ecs run-task`): one task, nothing that is left afterwards.

data "aws_region" "current" {}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.prefix}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = var.roles.start
  task_role_arn            = var.roles.run

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  container_definitions = jsonencode([merge(
    {
      name                   = var.name
      image                  = var.image
      essential              = true
      user                   = var.user
      readonlyRootFilesystem = true
      environment            = [for name in sort(keys(var.environment)) : { name = name, value = var.environment[name] }]
      secrets                = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = var.secrets[name] }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = var.log_group
          awslogs-region        = data.aws_region.current.region
          awslogs-stream-prefix = var.name
        }
      }
    },
    length(var.command) > 0 ? { command = var.command } : {},
  )])
}
