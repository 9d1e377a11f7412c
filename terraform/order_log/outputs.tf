output "address" {
  description = "Where it is, for terraform/bin/fill_secrets.py."
  value       = aws_memorydb_cluster.this.cluster_endpoint[0].address
}

output "user" {
  description = "Who logs in."
  value       = aws_memorydb_user.shop.user_name
}
