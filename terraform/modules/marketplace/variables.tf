variable "name" {
  description = "What everything is called first: a short name, fit for bucket and role names."
  type        = string
  default     = "halles"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,8}$", var.name))
    error_message = "name must be 2 to 9 lower-case letters and digits, beginning with a letter."
  }
}

variable "environment" {
  description = "Which marketplace this is, such as production or staging."
  type        = string

  validation {
    # With the name and the longest service, within the 32 characters that a target group's name may have.
    condition     = can(regex("^[a-z][a-z0-9]{1,10}$", var.environment))
    error_message = "environment must be 2 to 11 lower-case letters and digits, beginning with a letter."
  }
}

variable "domain" {
  description = "The name that the shop is reached by. Photos are at photos. in front of it."
  type        = string
}

variable "zone_id" {
  description = "The hosted zone of Route 53 that the name belongs to; null makes one for this name alone, whose name servers are an output."
  type        = string
  default     = null

  validation {
    condition     = var.zone_id == null || can(regex("^Z[A-Z0-9]{5,31}$", var.zone_id))
    error_message = "zone_id is the id of a hosted zone, such as Z0123456789ABCDEFGHIJ, or null."
  }
}

variable "image_tag" {
  description = "The version that runs: the tag of all images, such as the commit's name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest"
    error_message = "image_tag names one version, and `latest` names none."
  }
}

variable "running" {
  description = "Whether the services are there. Not before images are in the registry, secrets are in their places and the database has its tables."
  type        = bool
  default     = true
}

variable "wait_until_steady" {
  description = "Let an apply wait until new tasks serve, and fail when a rollout was turned back."
  type        = bool
  default     = true
}

variable "network" {
  description = "The addresses of the network, and whether each zone has its own way out."
  type        = object({ cidr = string, nat_per_zone = bool })
}

variable "services" {
  description = "For each service: the size of a task (CPU units, MiB), the least and the most tasks, and the requests a minute that one task should get."
  type = map(object({
    cpu                 = number
    memory              = number
    minimum             = number
    maximum             = number
    requests_per_target = optional(number, 0)
  }))

  validation {
    condition     = length(setsubtract(["listing", "search", "order", "order-worker", "indexer"], keys(var.services))) == 0
    error_message = "services must say something about each of listing, search, order, order-worker and indexer."
  }

  validation {
    condition     = alltrue([for service in var.services : service.minimum >= 1 && service.maximum >= service.minimum])
    error_message = "Each service has a minimum of at least 1, and a maximum that is not below it."
  }

  validation {
    condition     = alltrue([for name in ["listing", "search", "order"] : try(var.services[name].requests_per_target > 0, true)])
    error_message = "listing, search and order need requests_per_target, or they would never grow by themselves."
  }
}

variable "spot_share" {
  description = "The share of tasks above the minimum that run on spare capacity."
  type        = number
  default     = 0
}

variable "database" {
  description = "The sizes of primary and replicas, storage, and how they are kept safe."
  type = object({
    instance_class = string
    replica_class  = string
    replicas       = number
    storage_gib    = object({ initial = number, most = number })
    multi_az       = bool
    backup_days    = number
  })
}

variable "cache" {
  description = "The size of the cache."
  type        = object({ node_type = string, shards = number, replicas_per_shard = number })
}

variable "shows" {
  description = "The shows to come, as `halles-rehearse plan` writes them; see modules/shows."
  type        = any
  default     = {}
}

variable "now" {
  description = "The present moment; null for the true one. For tests."
  type        = string
  default     = null

  validation {
    condition     = var.now == null || can(timeadd(var.now, "0s"))
    error_message = "now is a moment such as 2027-01-10T20:05:00Z."
  }
}

variable "sandbox" {
  description = "Run the payment provider and the mailbox to try things with, and the job that fills an empty catalogue. Never where people buy."
  type        = bool
}

variable "payment" {
  description = "The payment provider, when it is not the one to try things with: its API, and where its pages are."
  type        = object({ provider_url = string, page_origin = string })
  default     = null

  validation {
    condition     = var.payment == null ? var.sandbox : can(regex("^https://", var.payment.provider_url))
    error_message = "payment must name a provider by https, unless this is a sandbox."
  }
}

variable "mail_from" {
  description = "Who writes to shoppers, such as Halles <orders@shop.example.org>."
  type        = string
}

variable "people" {
  description = "Who may look, intervene and deploy: ARNs of roles or users."
  type = object({
    viewers   = optional(list(string), [])
    operators = optional(list(string), [])
    deployers = optional(list(string), [])
  })
  default = {}
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget."
  type        = list(string)
}

variable "usd_per_month" {
  description = "What a month may cost before somebody is told."
  type        = number
}

variable "requests_per_address" {
  description = "How many requests one address may send in five minutes."
  type        = number
  default     = 6000
}

variable "protected" {
  description = "Refuse to be destroyed, and keep what was deleted for a while."
  type        = bool
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days is one of the lengths that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180 or 365."
  }
}
