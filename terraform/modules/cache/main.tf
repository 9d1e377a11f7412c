# L2 and the change stream: entries in cluster mode. It forgets what is used least, and whatever it forgets, or loses in a
# failover, is read again. So it has no snapshots.

resource "aws_elasticache_subnet_group" "this" {
  name       = var.prefix
  subnet_ids = var.network.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.prefix}-cache"
  description = "The cache"
  vpc_id      = var.network.vpc_id
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.prefix}-cache"
  family      = "redis7"
  description = "Halles"

  parameter {
    name  = "cluster-enabled"
    value = "yes"
  }

  # Only what has a time to live goes when room is needed; the change stream stays.
  parameter {
    name  = "maxmemory-policy"
    value = "volatile-lfu"
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "${var.prefix}-cache"
  description          = "Cache entries and the change stream"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.node_type
  port                 = 6379
  parameter_group_name = aws_elasticache_parameter_group.this.name

  num_node_groups            = var.shards
  replicas_per_node_group    = var.replicas_per_shard
  automatic_failover_enabled = true
  multi_az_enabled           = var.replicas_per_shard > 0

  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.this.id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  snapshot_retention_limit = 0
  maintenance_window       = "tue:04:00-tue:05:00"
}
