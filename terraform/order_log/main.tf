# The order log on MemoryDB: what it has answered is in several zones, which is what 201 and 202 promise (law 5).
#
# A state of its own. Environments come and go; this holds what shoppers have ordered and nobody has placed yet, so no
# `terraform destroy` of anything else can reach it. It stands in an environment's network and is given that environment's
# output `order_log` as its variable `place`.

locals {
  prefix = "${var.name}-${var.environment}"
  port   = 6379
}

resource "aws_memorydb_subnet_group" "this" {
  name       = local.prefix
  subnet_ids = var.place.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${local.prefix}-order-log"
  description = "The order log"
  vpc_id      = var.place.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each = { for index, group in var.place.client_security_group_ids : tostring(index) => group }

  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = each.value
  description                  = "Those who take orders and those who place them"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

# Refuses rather than forgets.
resource "aws_memorydb_parameter_group" "this" {
  name   = "${local.prefix}-order-log"
  family = "memorydb_redis7"

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}

resource "aws_memorydb_user" "shop" {
  user_name     = "${local.prefix}-shop"
  access_string = "on ~h1:* +@all -@dangerous -@admin +cluster|slots +cluster|shards +info"

  authentication_mode {
    type      = "password"
    passwords = [var.password]
  }
}

resource "aws_memorydb_acl" "this" {
  name       = local.prefix
  user_names = [aws_memorydb_user.shop.user_name]
}

resource "aws_memorydb_cluster" "this" {
  name        = "${local.prefix}-orders"
  description = "Requests to buy that wait for their turn"
  node_type   = var.node_type
  # One log is one list, which lies in one shard; what it has beside it are copies in other zones.
  num_shards             = 1
  num_replicas_per_shard = var.replicas
  engine_version         = "7.1"
  port                   = local.port

  parameter_group_name = aws_memorydb_parameter_group.this.name
  subnet_group_name    = aws_memorydb_subnet_group.this.name
  security_group_ids   = [aws_security_group.this.id]
  acl_name             = aws_memorydb_acl.this.name
  tls_enabled          = true
  kms_key_arn          = var.place.key_arn

  snapshot_retention_limit = 7
  snapshot_window          = "02:00-03:00"
  maintenance_window       = "wed:04:00-wed:05:00"
  sns_topic_arn            = var.place.topic_arn

  lifecycle {
    prevent_destroy = true
  }
}
