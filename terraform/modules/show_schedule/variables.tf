variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "holds" {
  description = "Service → moment to come → whether it may not shrink by itself from then on."
  type        = map(map(bool))
}

variable "resource_ids" {
  description = "Service → what the scaling calls it."
  type        = map(string)
}

variable "balancer_arn" {
  description = "The load balancer."
  type        = string
}

variable "capacity_units" {
  description = "Moment to come → the capacity units that the balancer reserves from then on; 0 gives them back."
  type        = map(number)
}

variable "topic_arn" {
  description = "Who is told when something that was scheduled could not be done."
  type        = string
}

variable "key_arn" {
  description = "What undone schedules are encrypted with."
  type        = string
}
