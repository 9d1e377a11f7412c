variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "protected" {
  description = "Refuse to be destroyed while there are photos."
  type        = bool
}

variable "domain" {
  description = "The name that photos are fetched by."
  type        = string
}

variable "zone_id" {
  description = "The hosted zone of Route 53 that the name belongs to."
  type        = string
}
