variable "name" {
  description = "What everything is called first."
  type        = string
  default     = "halles"
}

variable "environment" {
  description = "Which marketplace it belongs to."
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "environment is staging or production."
  }
}

variable "region" {
  description = "The AWS region."
  type        = string
  default     = "eu-west-3"
}

variable "place" {
  description = "Where it stands and who may reach it: the output `order_log` of the environment."
  type = object({
    vpc_id                    = string
    subnet_ids                = list(string)
    client_security_group_ids = list(string)
    key_arn                   = string
    topic_arn                 = string
  })
}

variable "node_type" {
  description = "The size of each node. 100,000 waiting requests take 100 MB."
  type        = string
  default     = "db.t4g.small"

  validation {
    condition     = can(regex("^db\\.[a-z0-9]+g[a-z]*\\.", var.node_type))
    error_message = "node_type is one of the Graviton types, such as db.r7g.large or db.t4g.small."
  }
}

variable "replicas" {
  description = "Copies in other zones that take over."
  type        = number
  default     = 1

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 5
    error_message = "There are 1 to 5 copies: without one, losing a zone stops the log."
  }
}

variable "password" {
  description = "What order and order-worker log in with: given as TF_VAR_password by terraform/bin/fill_secrets.py --order-log-password, which also puts it into the address that they are told."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9]{32,128}$", var.password))
    error_message = "password has 32 to 128 letters and digits."
  }
}
