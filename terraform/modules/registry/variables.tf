variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "programs" {
  description = "The programs that have an image."
  type        = set(string)
}

variable "key_arn" {
  description = "What images are encrypted with."
  type        = string
}

variable "protected" {
  description = "Refuse to be destroyed while there are images."
  type        = bool
}
