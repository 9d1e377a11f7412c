# PostgreSQL: one primary that takes writes, replicas that pages are read from. Reached from inside only, over TLS only.

locals {
  engine_version = "15"
  port           = 5432
}

resource "aws_db_subnet_group" "this" {
  name       = var.prefix
  subnet_ids = var.network.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.prefix}-database"
  description = "PostgreSQL"
  vpc_id      = var.network.vpc_id
}

resource "aws_db_parameter_group" "this" {
  name        = "${var.prefix}-postgres${local.engine_version}"
  family      = "postgres${local.engine_version}"
  description = "Halles"

  # Nobody speaks to it in the clear.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Long reads on a replica (the indexer's) are not cut off because a row that they may still see was cleared away.
  parameter {
    name  = "hot_standby_feedback"
    value = "1"
  }

  # The replica tells every second what it may still see: by default every ten, and for so long the primary would keep all
  # old versions of the row that everybody orders from.
  parameter {
    name  = "wal_receiver_status_interval"
    value = "1"
  }

  # Statements that a shopper would notice.
  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }

  # Who waited for whose lock.
  parameter {
    name  = "log_lock_waits"
    value = "1"
  }

  parameter {
    name         = "shared_preload_libraries"
    value        = "pg_stat_statements"
    apply_method = "pending-reboot"
  }

  lifecycle {
    create_before_destroy = true
  }
}

data "aws_iam_policy_document" "monitoring_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "monitoring" {
  name               = "${var.prefix}-database-monitoring"
  assume_role_policy = data.aws_iam_policy_document.monitoring_assume.json
}

data "aws_iam_policy_document" "monitoring" {
  statement {
    sid       = "WriteFigures"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:PutRetentionPolicy", "logs:DescribeLogStreams"]
    resources = ["arn:aws:logs:*:*:log-group:RDSOSMetrics", "arn:aws:logs:*:*:log-group:RDSOSMetrics:log-stream:*"]
  }
}

resource "aws_iam_role_policy" "monitoring" {
  name   = "write"
  role   = aws_iam_role.monitoring.id
  policy = data.aws_iam_policy_document.monitoring.json
}

resource "aws_db_instance" "primary" {
  identifier     = "${var.prefix}-primary"
  engine         = "postgres"
  engine_version = local.engine_version
  instance_class = var.instance_class
  db_name        = "halles"
  port           = local.port
  username       = "halles_master"
  # RDS makes the master's password and keeps it to itself and to Secrets Manager: it is in no state of ours.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.key_arn

  storage_type          = "gp3"
  allocated_storage     = var.storage_gib.initial
  max_allocated_storage = var.storage_gib.most
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  multi_az               = var.multi_az
  publicly_accessible    = false
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [aws_security_group.this.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  # At night, when nobody is on television.
  backup_retention_period    = var.backup_days
  backup_window              = "02:00-02:30"
  maintenance_window         = "tue:03:00-tue:04:00"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = var.protected
  skip_final_snapshot        = !var.protected
  final_snapshot_identifier  = var.protected ? "${var.prefix}-primary-last" : null

  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.key_arn
  monitoring_interval             = 15
  monitoring_role_arn             = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  depends_on = [aws_iam_role_policy.monitoring]
}

resource "aws_db_instance" "replica" {
  count = var.replicas

  identifier          = "${var.prefix}-replica-${count.index + 1}"
  replicate_source_db = aws_db_instance.primary.identifier
  instance_class      = var.replica_class
  port                = local.port

  storage_type          = "gp3"
  max_allocated_storage = var.storage_gib.most
  storage_encrypted     = true

  multi_az               = false
  publicly_accessible    = false
  vpc_security_group_ids = [aws_security_group.this.id]
  parameter_group_name   = aws_db_parameter_group.this.name
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  # Not in the primary's window: reads and writes should not be away together.
  maintenance_window         = "wed:03:00-wed:04:00"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = var.protected
  # It holds nothing that the primary does not hold.
  skip_final_snapshot = true

  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.key_arn
  monitoring_interval             = 15
  monitoring_role_arn             = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}
