variable "name" {
  description = "What everything is called first."
  type        = string
  default     = "halles"
}

variable "region" {
  description = "The AWS region. Shoppers are in France, so Paris."
  type        = string
  default     = "eu-west-3"
}

variable "zone_id" {
  description = "The hosted zone of Route 53 that the name belongs to; null makes one for this name alone."
  type        = string
  default     = null
}

variable "image_tag" {
  description = "The version that runs: the tag of all images."
  type        = string
  default     = "0.1.0"
}

variable "running" {
  description = "Whether the services are there: false for the very first apply, see infra/runbooks/aws-first-fleet.md."
  type        = bool
  default     = true
}

variable "wait_until_steady" {
  description = "Let an apply wait until new tasks serve, and fail when a rollout was turned back."
  type        = bool
  default     = true
}

variable "shows" {
  description = "The shows to come: `halles-rehearse plan` writes them to shows.auto.tfvars.json; modules/shows says what is in it."
  type        = any
  default     = {}
}

variable "now" {
  description = "The present moment; null for the true one. For tests."
  type        = string
  default     = null
}

variable "people" {
  description = "Who may look, intervene and deploy: ARNs of roles or users."
  type = object({
    viewers   = optional(list(string), [])
    operators = optional(list(string), [])
    deployers = optional(list(string), [])
  })
  default = {}
}

variable "alarm_emails" {
  description = "Who is told of alarms and of the budget."
  type        = list(string)
  default     = []
}

variable "domain" {
  description = "The name that the shop is reached by."
  type        = string
  default     = "halles.example.org"
}

variable "payment" {
  description = "The payment provider: its API, and where its pages are."
  type        = object({ provider_url = string, page_origin = string })
  default     = { provider_url = "https://api.pay.example.org", page_origin = "https://pay.example.org" }
}

variable "protected" {
  description = "Refuse to be destroyed. Taken back in an apply of its own by whoever takes the marketplace down for good."
  type        = bool
  default     = true
}
