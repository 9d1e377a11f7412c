variable "prefix" {
  description = "What everything is called first."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,38}[a-z0-9]$", var.prefix))
    error_message = "prefix must be 3 to 40 lower-case letters, digits and hyphens, beginning with a letter."
  }
}

variable "keep_snapshots" {
  description = "Refuse to destroy the bucket while it holds index snapshots. They can be rebuilt from the database, which takes a while."
  type        = bool
  default     = true
}
