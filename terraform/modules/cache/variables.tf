variable "prefix" {
  description = "What everything is called first."
  type        = string
}

variable "network" {
  description = "The network, and its subnets without a way out."
  type        = object({ vpc_id = string, subnet_ids = list(string) })
}

variable "node_type" {
  description = "The size of each node, such as cache.r7g.large."
  type        = string

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+g[a-z]*\\.", var.node_type))
    error_message = "node_type is one of the Graviton types, such as cache.r7g.large or cache.t4g.small."
  }
}

variable "shards" {
  description = "How many nodes share the entries."
  type        = number

  validation {
    condition     = var.shards >= 1 && var.shards <= 90
    error_message = "There are 1 to 90 shards."
  }
}

variable "replicas_per_shard" {
  description = "Copies of each shard, which take over when it fails. Losing a shard costs misses, not answers."
  type        = number
}

variable "key_arn" {
  description = "What it is encrypted with."
  type        = string
}
