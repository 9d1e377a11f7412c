output "address" {
  description = "The name that leads to all nodes."
  value       = aws_elasticache_replication_group.this.configuration_endpoint_address
}

output "port" {
  description = "Where all of them listen."
  value       = aws_elasticache_replication_group.this.port
}

output "id" {
  description = "What metrics call it."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "security_group_id" {
  description = "What it is, to be let in."
  value       = aws_security_group.this.id
}

output "protection" {
  description = "How it is kept safe."
  value = {
    at_rest    = aws_elasticache_replication_group.this.at_rest_encryption_enabled
    in_transit = aws_elasticache_replication_group.this.transit_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_mode == "required"
  }
}
