output "start_role_arn" {
  description = "For ECS, to start tasks with."
  value       = aws_iam_role.start.arn
}

output "run_role_arn" {
  description = "For the program."
  value       = aws_iam_role.run.arn
}

output "policies" {
  description = "Every policy that is granted here, for the test of least privilege."
  value       = merge({ start = data.aws_iam_policy_document.start.json, telemetry = data.aws_iam_policy_document.run.json }, var.policies)
}
