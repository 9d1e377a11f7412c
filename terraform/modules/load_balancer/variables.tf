variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnet_ids" {
  description = "The public subnets, one for each zone."
  type        = list(string)
}

variable "domain" {
  description = "The name that the shop is reached by."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain must be a name such as shop.example.org."
  }
}

variable "zone_id" {
  description = "The hosted zone of Route 53 that the name belongs to."
  type        = string
}

variable "capacity_units" {
  description = "Capacity units reserved at this moment; 0 for none."
  type        = number
}

variable "requests_per_address" {
  description = "How many requests one address may send in five minutes. A school or an office behind one address is a crowd of its own: the services' own limits are finer."
  type        = number

  validation {
    condition     = var.requests_per_address >= 100
    error_message = "requests_per_address must be at least 100."
  }
}

variable "protected" {
  description = "Refuse to be destroyed."
  type        = bool
}

variable "log_retention_days" {
  description = "How long access logs are kept. They hold addresses of people."
  type        = number
}

variable "key_arn" {
  description = "What the log of refused requests is encrypted with."
  type        = string
}
