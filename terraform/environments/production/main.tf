# Production: three zones, each of which may be lost, and nothing that can be destroyed by mistake.

locals {
  environment = "production"
}

module "marketplace" {
  source = "../../modules/marketplace"

  name              = var.name
  environment       = local.environment
  domain            = var.domain
  zone_id           = var.zone_id
  image_tag         = var.image_tag
  running           = var.running
  wait_until_steady = var.wait_until_steady
  shows             = var.shows
  now               = var.now
  people            = var.people
  alarm_emails      = var.alarm_emails
  payment           = var.payment

  network   = { cidr = "10.60.0.0/16", nat_per_zone = true }
  sandbox   = false
  protected = var.protected
  mail_from = "Halles <orders@${var.domain}>"

  # Three of each that people talk to: with a zone lost, two thirds carry the day.
  services = {
    listing      = { cpu = 2048, memory = 4096, minimum = 3, maximum = 20, requests_per_target = 60000 }
    search       = { cpu = 2048, memory = 8192, minimum = 3, maximum = 12, requests_per_target = 12000 }
    order        = { cpu = 1024, memory = 2048, minimum = 3, maximum = 12, requests_per_target = 12000 }
    order-worker = { cpu = 1024, memory = 2048, minimum = 2, maximum = 4 }
    indexer      = { cpu = 1024, memory = 4096, minimum = 2, maximum = 2 }
  }

  database = {
    instance_class = "db.r7g.xlarge"
    replica_class  = "db.r7g.xlarge"
    replicas       = 2
    storage_gib    = { initial = 200, most = 1000 }
    multi_az       = true
    backup_days    = 14
  }
  cache = { node_type = "cache.r7g.large", shards = 2, replicas_per_shard = 1 }

  log_retention_days = 60
  usd_per_month      = 5500
}
