output "family" {
  description = "What to name to `aws ecs run-task --task-definition`."
  value       = aws_ecs_task_definition.this.family
}
