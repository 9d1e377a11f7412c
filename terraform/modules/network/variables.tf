variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "cidr" {
  description = "The addresses of this network: a /16 to /20."
  type        = string

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr must be a network such as 10.60.0.0/16, not smaller than a /20."
  }
}

variable "nat_per_zone" {
  description = "A way out of its own for each zone. With only one, losing its zone cuts the others off from payment provider and mail server."
  type        = bool
}

variable "key_arn" {
  description = "What the flow log is encrypted with."
  type        = string
}

variable "log_retention_days" {
  description = "How long the flow log is kept."
  type        = number
}
