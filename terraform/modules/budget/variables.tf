variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "tags" {
  description = "The tags (Project, Environment) whose costs count."
  type        = map(string)
}

variable "usd_per_month" {
  description = "What a month may cost, in US dollars, as AWS bills them."
  type        = number

  validation {
    condition     = var.usd_per_month > 0
    error_message = "usd_per_month is greater than 0."
  }
}

variable "topic_arn" {
  description = "Who is told."
  type        = string
}
