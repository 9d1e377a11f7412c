variable "name" {
  description = "The service or job, with everything that it is called first, such as halles-staging-order."
  type        = string
}

variable "secret_arns" {
  description = "The secrets that its tasks start with, and no others."
  type        = list(string)
}

variable "key_arn" {
  description = "What the secrets are encrypted with."
  type        = string
}

variable "repository_arns" {
  description = "Where its image comes from; empty when that is public."
  type        = list(string)
}

variable "log_group_arn" {
  description = "Where its logs go."
  type        = string
}

variable "metrics_log_group_arn" {
  description = "Where the collector beside it writes metrics."
  type        = string
}

variable "policies" {
  description = "What the program itself may do, policies by a name each. Most need nothing of AWS at all."
  type        = map(string)
  default     = {}
}
