variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "name" {
  description = "The service, as the program calls itself without halles-, such as order-worker."
  type        = string
}

variable "image" {
  description = "Its image, with tag."
  type        = string
}

variable "task" {
  description = "The size of one task, in CPU units (1024 are one) and MiB, as Fargate offers them."
  type        = object({ cpu = number, memory = number })

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.task.cpu)
    error_message = "Fargate has tasks of 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units."
  }

  validation {
    condition     = var.task.memory >= 2 * var.task.cpu && var.task.memory <= 8 * var.task.cpu
    error_message = "Fargate gives a task between 2 and 8 MiB for each CPU unit."
  }
}

variable "environment" {
  description = "Settings, as variables of its environment."
  type        = map(string)
}

variable "secrets" {
  description = "Settings that nobody may see: variable → secret."
  type        = map(string)
}

variable "work_directory" {
  description = "Where it may write; empty for nowhere."
  type        = string
  default     = ""
}

variable "roles" {
  description = "Who starts its tasks, and what the program may do."
  type        = object({ start = string, run = string })
}

variable "log_group" {
  description = "Where its logs go."
  type        = string
}

variable "collector" {
  description = "The OpenTelemetry collector that runs beside it: image, and its configuration."
  type        = object({ image = string, config = string })
}

variable "cluster" {
  description = "The ECS cluster."
  type        = object({ arn = string, name = string })
}

variable "network" {
  description = "Where tasks run."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
}

variable "security_group_id" {
  description = "What it is, to those who let it in."
  type        = string
}

variable "door" {
  description = "The load balancer's listener, and the paths that come here; no paths take whatever others leave. Null for a worker."
  type = object({
    listener_arn        = string
    balancer_suffix     = string
    paths               = list(string)
    first_priority      = number
    requests_per_target = number
  })
  default = null
}

variable "registry_arn" {
  description = "Under which name others of ours find it; null when nobody does."
  type        = string
  default     = null
}

variable "queue_age" {
  description = "For a worker: the metric that tells how old the oldest waiting request is, and how old that may become. Null for none."
  type        = object({ namespace = string, metric = string, dimensions = map(string), seconds = number })
  default     = null
}

variable "capacity" {
  description = "How many tasks without a show; how many it may grow to; at least how many at this moment; whether it may not shrink now; and what the shows have planned, moment by moment."
  type = object({
    minimum     = number
    maximum     = number
    minimum_now = number
    held_now    = bool
    steps       = map(object({ minimum = number, maximum = number }))
  })

  validation {
    condition     = var.capacity.minimum >= 1 && var.capacity.minimum <= var.capacity.maximum
    error_message = "A service has at least one task, and its maximum is not below its minimum."
  }
}

variable "spot_share" {
  description = "The share of tasks, above the minimum, that run on spare capacity and may be taken away with two minutes' notice: 0 to 1."
  type        = number
  default     = 0

  validation {
    condition     = var.spot_share >= 0 && var.spot_share <= 1
    error_message = "spot_share lies between 0 and 1."
  }
}

variable "wait_until_steady" {
  description = "Let an apply wait until the new tasks serve, and fail when the rollout was turned back."
  type        = bool
}
