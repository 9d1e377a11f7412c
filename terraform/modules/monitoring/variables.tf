variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "emails" {
  description = "Who is told."
  type        = list(string)

  validation {
    condition     = alltrue([for email in var.emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "emails are addresses such as on-call@example.org."
  }
}

variable "topic_arn" {
  description = "Where alarms go."
  type        = string
}

variable "cluster_name" {
  description = "The ECS cluster."
  type        = string
}

variable "balancer_suffix" {
  description = "What metrics call the load balancer."
  type        = string
}

variable "target_groups" {
  description = "Service → what metrics call the way to it."
  type        = map(string)
}

variable "services" {
  description = "All services."
  type        = list(string)
}

variable "database" {
  description = "What metrics call the primary and the replicas, and how much storage is too little, in bytes."
  type        = object({ primary = string, replicas = list(string), low_storage_bytes = number })
}

variable "cache_id" {
  description = "What metrics call the cache."
  type        = string
}

variable "metrics" {
  description = "Where the services' own metrics are: namespace, and the dimension that names the service."
  type        = object({ namespace = string, dimension = string })
}
