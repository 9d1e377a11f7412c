output "name" {
  description = "What ECS calls it."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "What its tasks are made from."
  value       = aws_ecs_task_definition.this.arn
}

output "resource_id" {
  description = "What the scaling calls it."
  value       = aws_appautoscaling_target.this.resource_id
}

output "target_group_suffix" {
  description = "What metrics call the way to it; empty for a worker."
  value       = one(concat(aws_lb_target_group.this[*].arn_suffix, local.is_web ? [] : [""]))
}

output "capacity" {
  description = "The least and the most tasks at this moment, and what is scheduled."
  value = {
    minimum = aws_appautoscaling_target.this.min_capacity
    maximum = aws_appautoscaling_target.this.max_capacity
    scheduled = { for moment, action in aws_appautoscaling_scheduled_action.show : moment => {
      schedule = action.schedule
      timezone = action.timezone
      minimum  = tonumber(action.scalable_target_action[0].min_capacity)
      maximum  = tonumber(action.scalable_target_action[0].max_capacity)
    } }
  }
}

output "rollout" {
  description = "How tasks are replaced."
  value = {
    minimum_healthy_percent = aws_ecs_service.this.deployment_minimum_healthy_percent
    turns_back              = aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    public_address          = aws_ecs_service.this.network_configuration[0].assign_public_ip
  }
}
