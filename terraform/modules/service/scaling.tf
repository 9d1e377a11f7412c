# How many tasks there are: on calm days what the requests ask for, on the evening of a show never less than was planned.

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.capacity.minimum_now
  max_capacity       = max(var.capacity.maximum, ceil(var.capacity.minimum_now * 1.5))

  suspended_state {
    dynamic_scaling_in_suspended  = var.capacity.held_now
    dynamic_scaling_out_suspended = false
    scheduled_scaling_suspended   = false
  }
}

resource "aws_appautoscaling_policy" "requests" {
  count = local.is_web ? 1 : 0

  name               = "requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.door.requests_per_target
    scale_out_cooldown = 30
    # Down slowly: who comes back after the break should find the house open.
    scale_in_cooldown = 600

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = "${var.door.balancer_suffix}/${aws_lb_target_group.this[0].arn_suffix}"
    }
  }
}

resource "aws_appautoscaling_policy" "queue_age" {
  count = var.queue_age == null ? 0 : 1

  name               = "queue-age"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.queue_age.seconds
    scale_out_cooldown = 60
    scale_in_cooldown  = 600

    customized_metric_specification {
      namespace   = var.queue_age.namespace
      metric_name = var.queue_age.metric
      statistic   = "Maximum"

      dynamic "dimensions" {
        for_each = var.queue_age.dimensions

        content {
          name  = dimensions.key
          value = dimensions.value
        }
      }
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "show" {
  for_each = var.capacity.steps

  name               = "show-${replace(each.key, "/[^0-9TZ]/", "")}"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  schedule           = "at(${trimsuffix(each.key, "Z")})"
  timezone           = "Etc/UTC"

  scalable_target_action {
    min_capacity = each.value.minimum
    max_capacity = each.value.maximum
  }
}
