variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "network" {
  description = "The network, and its subnets without a way out."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
}

variable "instance_class" {
  description = "The size of the primary and of its standby, such as db.r7g.xlarge."
  type        = string

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+g[a-z]*\\.", var.instance_class))
    error_message = "instance_class is one of the Graviton classes, such as db.r7g.xlarge or db.t4g.medium."
  }
}

variable "replica_class" {
  description = "The size of each read replica."
  type        = string
}

variable "replicas" {
  description = "How many read replicas: at least one, because pages are never read from the primary."
  type        = number

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 5 && var.replicas == floor(var.replicas)
    error_message = "There are 1 to 5 read replicas: reads never touch the primary."
  }
}

variable "storage_gib" {
  description = "Storage to begin with, and how far it may grow by itself."
  type        = object({ initial = number, most = number })

  validation {
    condition     = var.storage_gib.initial >= 20 && var.storage_gib.most >= var.storage_gib.initial
    error_message = "storage_gib.initial is at least 20, and storage_gib.most is not below it."
  }
}

variable "multi_az" {
  description = "A standby in another zone that takes over by itself."
  type        = bool
}

variable "backup_days" {
  description = "How far back any moment can be restored, in days."
  type        = number

  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "backup_days lies between 1 and 35: without backups there is no read replica either."
  }
}

variable "protected" {
  description = "Refuse to be destroyed, and leave a snapshot behind when that was taken back."
  type        = bool
}

variable "key_arn" {
  description = "What it is encrypted with."
  type        = string
}
