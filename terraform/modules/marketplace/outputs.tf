output "shop_url" {
  description = "Where the shop is."
  value       = local.shop_url
}

output "name_servers" {
  description = "To be entered where the domain above was bought, when the zone is our own."
  value       = flatten(aws_route53_zone.this[*].name_servers)
}

output "registry" {
  description = "Program → where its images are put."
  value       = module.registry.urls
}

output "secrets" {
  description = "Name → secret, for terraform/bin/fill_secrets.py."
  value       = module.secrets.arns
}

output "addresses" {
  description = "What secrets are made from: where the databases and the cache are."
  value = {
    primary  = module.database.address
    replicas = module.database.replica_addresses
    cache    = module.cache.address
  }
}

output "order_log" {
  description = "What the order log's own state needs to know."
  value = {
    vpc_id                    = module.network.vpc_id
    subnet_ids                = module.network.data_subnet_ids
    client_security_group_ids = [for member in sort(local.members) : aws_security_group.program[member].id if contains(local.needs[member], "order-log")]
    key_arn                   = module.key.arn
    topic_arn                 = aws_sns_topic.alarms.arn
  }
}

output "run_job" {
  description = "Job → how it is run."
  value = { for name, job in module.job : name => join(" ", [
    "aws ecs run-task --launch-type FARGATE --cluster ${aws_ecs_cluster.this.name} --task-definition ${job.family}",
    "--network-configuration 'awsvpcConfiguration={subnets=[${join(",", module.network.private_subnet_ids)}],securityGroups=[${aws_security_group.program[local.jobs[name].group].id}],assignPublicIp=DISABLED}'",
  ]) }
}

output "tools" {
  description = "What terraform/bin/run_tool.py needs to run a job from inside."
  value = {
    families          = { for name, job in module.job : name => job.family if local.jobs[name].group == "tools" }
    subnet_ids        = module.network.private_subnet_ids
    security_group_id = aws_security_group.program["tools"].id
    log_group         = aws_cloudwatch_log_group.program["jobs"].name
    doors             = keys(local.talked_to)
  }
}

output "cluster" {
  description = "The ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "services" {
  description = "Service → the least and the most tasks now, and what shows have scheduled."
  value       = { for name, service in module.service : name => service.capacity }
}

output "show_schedules" {
  description = "What else is done at which minute for shows."
  value       = module.show_schedule.schedules
}

output "capacity_units" {
  description = "Moment → capacity units of the balancer from then on."
  value       = module.shows.capacity_units
}

output "freezes" {
  description = "Show → when nothing is deployed."
  value       = module.shows.freezes
}

output "roles" {
  description = "Role → what people put on."
  value       = module.people.role_arns
}

output "dashboard" {
  description = "The dashboard of CloudWatch."
  value       = module.monitoring.dashboard
}

output "alarms" {
  description = "All alarms."
  value       = module.monitoring.alarm_names
}

output "photos" {
  description = "Where photos are fetched from."
  value       = module.photos.address
}

output "protection" {
  description = "How everything is kept safe; what tests look at."
  value = {
    database = module.database.protection
    cache    = module.cache.protection
    photos   = module.photos.protection
    door     = module.load_balancer.tls
    rollout  = { for name, service in module.service : name => service.rollout }
  }
}

output "policies" {
  description = "Every policy that is granted to anybody: what the test of least privilege reads."
  value = merge(
    { for name, policy in module.network.policies : "network ${name}" => policy },
    merge([for program, identity in module.identity : { for name, policy in identity.policies : "${program} ${name}" => policy }]...),
    merge([for job, identity in module.job_identity : { for name, policy in identity.policies : "${job} ${name}" => policy }]...),
    { for name, policy in module.people.policies : "people ${name}" => policy },
    { for name, policy in module.show_schedule.policies : "shows ${name}" => policy },
  )
}

output "knows" {
  description = "Program → the secrets that it is given."
  value       = { for name, program in local.programs : name => distinct(values(program.secrets)) }
}
