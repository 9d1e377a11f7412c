variable "name" {
  description = "What everything is called first: a short name, fit for bucket and role names."
  type        = string
  default     = "halles"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 20 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "environment" {
  description = "Which marketplace this is, such as production or rehearsal."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.environment))
    error_message = "environment must be 2 to 20 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "region" {
  description = "The AWS region. Shoppers are in France, so Paris."
  type        = string
  default     = "eu-west-3"
}

variable "keep_snapshots" {
  description = "Refuse to destroy the bucket while it holds index snapshots. They can be rebuilt from the database, which takes a while."
  type        = bool
  default     = true
}
