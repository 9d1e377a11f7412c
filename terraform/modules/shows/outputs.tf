output "steps" {
  description = "Service → moment to come → the minimum and the maximum from then on."
  value       = local.steps
}

output "minimum_now" {
  description = "Service → the minimum at this moment, so that an apply in the middle of a show takes nothing away."
  value       = { for service, levels in local.levels : service => levels[var.now] }
}

output "holds" {
  description = "Service → moment to come → whether it may not shrink by itself from then on."
  value       = { for service, holds in local.holds : service => { for moment, held in holds : moment => held if timecmp(moment, var.now) > 0 } }
}

output "held_now" {
  description = "Service → whether it may not shrink by itself at this moment."
  value       = { for service, holds in local.holds : service => holds[var.now] }
}

output "capacity_units" {
  description = "Moment to come → the capacity units that the load balancer reserves from then on."
  value       = { for moment, units in local.capacity_units : moment => units if timecmp(moment, var.now) > 0 }
}

output "capacity_units_now" {
  description = "The capacity units that the load balancer reserves at this moment."
  value       = local.capacity_units[var.now]
}

output "freezes" {
  description = "Show → from when until when nothing is deployed."
  value       = local.freezes
}

output "read_replicas" {
  description = "Read replicas until the last show is over. A replica takes long to make, so there is no hour at which they come."
  value       = max(var.read_replicas, [for show in var.shows : show.read_replicas]...)
}
