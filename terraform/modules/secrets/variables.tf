variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "secrets" {
  description = "The secrets, by name, with what each is for."
  type        = map(string)
}

variable "key_arn" {
  description = "What they are encrypted with."
  type        = string
}

variable "protected" {
  description = "Whether a deleted secret can be had back for a month."
  type        = bool
}
