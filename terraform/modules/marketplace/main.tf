# The whole marketplace: what every environment has, in sizes that each says for itself. Read on in services.tf (which
# programs there are and what each is told), fleet.tf (how they run), show.tf (what a show asks for).

locals {
  prefix = "${var.name}-${var.environment}"
  tags   = { Project = var.name, Environment = var.environment }

  zone_id = var.zone_id == null ? one(aws_route53_zone.this[*].zone_id) : var.zone_id
}

data "aws_region" "current" {}

# Where the shop's name is looked up, unless there is such a place already.
resource "aws_route53_zone" "this" {
  count = var.zone_id == null ? 1 : 0

  name    = var.domain
  comment = local.prefix
}

module "key" {
  source = "../key"

  prefix = local.prefix
}

module "network" {
  source = "../network"

  prefix             = local.prefix
  cidr               = var.network.cidr
  nat_per_zone       = var.network.nat_per_zone
  key_arn            = module.key.arn
  log_retention_days = var.log_retention_days
}

module "load_balancer" {
  source = "../load_balancer"

  prefix               = local.prefix
  vpc_id               = module.network.vpc_id
  subnet_ids           = module.network.public_subnet_ids
  domain               = var.domain
  zone_id              = local.zone_id
  capacity_units       = module.shows.capacity_units_now
  requests_per_address = var.requests_per_address
  protected            = var.protected
  log_retention_days   = var.log_retention_days
  key_arn              = module.key.arn
}

module "database" {
  source = "../database"

  prefix         = local.prefix
  network        = { vpc_id = module.network.vpc_id, subnet_ids = module.network.data_subnet_ids }
  instance_class = var.database.instance_class
  replica_class  = var.database.replica_class
  replicas       = module.shows.read_replicas
  storage_gib    = var.database.storage_gib
  multi_az       = var.database.multi_az
  backup_days    = var.database.backup_days
  protected      = var.protected
  key_arn        = module.key.arn
}

module "cache" {
  source = "../cache"

  prefix             = local.prefix
  network            = { vpc_id = module.network.vpc_id, subnet_ids = module.network.data_subnet_ids }
  node_type          = var.cache.node_type
  shards             = var.cache.shards
  replicas_per_shard = var.cache.replicas_per_shard
  key_arn            = module.key.arn
}

module "index_store" {
  source = "../index_store"

  prefix         = local.prefix
  keep_snapshots = var.protected
}

module "photos" {
  source = "../photos"

  prefix    = local.prefix
  protected = var.protected
  domain    = "photos.${var.domain}"
  zone_id   = local.zone_id
}

module "registry" {
  source = "../registry"

  prefix    = local.prefix
  programs  = toset(concat(keys(local.programs), ["migrate", "tools"]))
  key_arn   = module.key.arn
  protected = var.protected
}

module "secrets" {
  source = "../secrets"

  prefix    = local.prefix
  secrets   = local.secrets
  key_arn   = module.key.arn
  protected = var.protected
}

module "people" {
  source = "../people"

  prefix          = local.prefix
  tags            = local.tags
  viewers         = var.people.viewers
  operators       = var.people.operators
  deployers       = var.people.deployers
  cluster_arn     = aws_ecs_cluster.this.arn
  repository_arns = values(module.registry.arns)
  task_role_arns  = flatten([for identity in merge(module.identity, module.job_identity) : [identity.start_role_arn, identity.run_role_arn]])
  freezes         = module.shows.freezes
}

module "budget" {
  source = "../budget"

  prefix        = local.prefix
  tags          = local.tags
  usd_per_month = var.usd_per_month
  topic_arn     = aws_sns_topic.alarms.arn
}
