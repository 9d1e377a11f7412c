variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "tags" {
  description = "The tags (Project, Environment) of what these roles are about."
  type        = map(string)
}

variable "viewers" {
  description = "Who may look: ARNs of roles or users. Empty for nobody."
  type        = list(string)

  validation {
    condition     = alltrue([for arn in var.viewers : can(regex("^arn:aws:iam::\\d{12}:(role|user)/.+$", arn))])
    error_message = "viewers are ARNs of roles or users, never a whole account and never everybody."
  }
}

variable "operators" {
  description = "Who may intervene."
  type        = list(string)

  validation {
    condition     = alltrue([for arn in var.operators : can(regex("^arn:aws:iam::\\d{12}:(role|user)/.+$", arn))])
    error_message = "operators are ARNs of roles or users, never a whole account and never everybody."
  }
}

variable "deployers" {
  description = "Who may put out a new version, such as the role of the build server."
  type        = list(string)

  validation {
    condition     = alltrue([for arn in var.deployers : can(regex("^arn:aws:iam::\\d{12}:(role|user)/.+$", arn))])
    error_message = "deployers are ARNs of roles or users, never a whole account and never everybody."
  }
}

variable "cluster_arn" {
  description = "The ECS cluster."
  type        = string
}

variable "repository_arns" {
  description = "Where images are put."
  type        = list(string)
}

variable "task_role_arns" {
  description = "The roles that a new version's tasks are given."
  type        = list(string)
}

variable "freezes" {
  description = "Show → from when until when nothing is deployed, in UTC."
  type        = map(object({ from = string, until = string }))
}
