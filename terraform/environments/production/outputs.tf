output "region" {
  description = "Where everything is."
  value       = var.region
}

output "shop_url" {
  description = "Where the shop is."
  value       = module.marketplace.shop_url
}

output "name_servers" {
  description = "To be entered where the domain above was bought, when the zone is our own."
  value       = module.marketplace.name_servers
}

output "registry" {
  description = "Program → where its images are put."
  value       = module.marketplace.registry
}

output "secrets" {
  description = "Name → secret, for terraform/bin/fill_secrets.py."
  value       = module.marketplace.secrets
}

output "addresses" {
  description = "Where the databases and the cache are."
  value       = module.marketplace.addresses
}

output "order_log" {
  description = "What the order log's own state needs to know: its variable `place`."
  value       = module.marketplace.order_log
}

output "run_job" {
  description = "Job → how it is run."
  value       = module.marketplace.run_job
}

output "tools" {
  description = "For terraform/bin/run_tool.py: what operators run from inside."
  value       = module.marketplace.tools
}

output "cluster" {
  description = "The ECS cluster."
  value       = module.marketplace.cluster
}

output "services" {
  description = "Service → the least and the most tasks now, and what shows have scheduled."
  value       = module.marketplace.services
}

output "show_schedules" {
  description = "What else is done at which minute for shows."
  value       = module.marketplace.show_schedules
}

output "freezes" {
  description = "Show → when nothing is deployed."
  value       = module.marketplace.freezes
}

output "roles" {
  description = "Role → what people put on."
  value       = module.marketplace.roles
}

output "dashboard" {
  description = "The dashboard of CloudWatch."
  value       = module.marketplace.dashboard
}

output "policies" {
  description = "Every policy that is granted to anybody, for whoever audits them."
  value       = module.marketplace.policies
}
