output "address" {
  description = "The primary's name."
  value       = aws_db_instance.primary.address
}

output "replica_addresses" {
  description = "The replicas' names."
  value       = aws_db_instance.replica[*].address
}

output "port" {
  description = "Where all of them listen."
  value       = local.port
}

output "security_group_id" {
  description = "What it is, to be let in."
  value       = aws_security_group.this.id
}

output "identifiers" {
  description = "What metrics call the primary and the replicas."
  value = {
    primary  = aws_db_instance.primary.identifier
    replicas = aws_db_instance.replica[*].identifier
  }
}

output "master_secret_arn" {
  description = "Where RDS keeps the master's password."
  value       = try(aws_db_instance.primary.master_user_secret[0].secret_arn, "")
}

output "roles_sql" {
  description = "What makes the roles."
  value       = file("${path.module}/roles.sql")
}

output "protection" {
  description = "How it is kept safe."
  value = {
    public              = anytrue(concat([aws_db_instance.primary.publicly_accessible], aws_db_instance.replica[*].publicly_accessible))
    encrypted           = alltrue(concat([aws_db_instance.primary.storage_encrypted], aws_db_instance.replica[*].storage_encrypted))
    tls_only            = contains([for parameter in aws_db_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"], "rds.force_ssl=1")
    multi_az            = aws_db_instance.primary.multi_az
    backup_days         = aws_db_instance.primary.backup_retention_period
    deletion_protection = aws_db_instance.primary.deletion_protection
    replicas            = length(aws_db_instance.replica)
  }
}
