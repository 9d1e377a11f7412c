output "arns" {
  description = "Name → secret."
  value       = { for name, secret in aws_secretsmanager_secret.this : name => secret.arn }
}
