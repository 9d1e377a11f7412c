output "role_arns" {
  description = "Role → what to put on."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "policies" {
  description = "What each role may do, for the test of least privilege."
  value       = local.what
}
