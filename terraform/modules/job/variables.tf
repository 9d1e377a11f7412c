variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "name" {
  description = "The job, such as migrate."
  type        = string
}

variable "image" {
  description = "Its image, with tag."
  type        = string
}

variable "command" {
  description = "What it runs; empty for what the image runs by itself."
  type        = list(string)
  default     = []
}

variable "user" {
  description = "As whom it runs inside its container."
  type        = string
  default     = "10001"
}

variable "environment" {
  description = "Settings, as variables of its environment."
  type        = map(string)
}

variable "secrets" {
  description = "Settings that nobody may see: variable → secret."
  type        = map(string)
}

variable "roles" {
  description = "Who starts its tasks, and what the program may do."
  type        = object({ start = string, run = string })
}

variable "log_group" {
  description = "Where its logs go."
  type        = string
}
