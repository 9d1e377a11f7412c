output "urls" {
  description = "Program → where its images are."
  value       = { for program, repository in aws_ecr_repository.this : program => repository.repository_url }
}

output "arns" {
  description = "Program → its repository."
  value       = { for program, repository in aws_ecr_repository.this : program => repository.arn }
}
