output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "cidr" {
  description = "Its addresses."
  value       = aws_vpc.this.cidr_block
}

output "zones" {
  description = "The zones in use."
  value       = local.zones
}

output "public_subnet_ids" {
  description = "Where the balancer stands."
  value       = [for zone in local.zones : aws_subnet.public[zone].id]
}

output "private_subnet_ids" {
  description = "Where tasks run."
  value       = [for zone in local.zones : aws_subnet.private[zone].id]
}

output "data_subnet_ids" {
  description = "Where databases and caches are."
  value       = [for zone in local.zones : aws_subnet.data[zone].id]
}

output "policies" {
  description = "Every policy that is granted here, for the test of least privilege."
  value       = { flow_log = data.aws_iam_policy_document.flow.json }
}
