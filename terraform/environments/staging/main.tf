# Staging: everything that production has, as small as it gets. To try releases and runbooks out, and to rehearse small shows;
# the payment provider and the mailbox are those to try things with.

locals {
  environment = "staging"
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

  network   = { cidr = "10.61.0.0/16", nat_per_zone = false }
  sandbox   = true
  protected = false
  mail_from = "Halles <orders@${var.domain}>"

  services = {
    listing      = { cpu = 512, memory = 1024, minimum = 1, maximum = 6, requests_per_target = 15000 }
    search       = { cpu = 512, memory = 2048, minimum = 1, maximum = 4, requests_per_target = 3000 }
    order        = { cpu = 512, memory = 1024, minimum = 1, maximum = 4, requests_per_target = 6000 }
    order-worker = { cpu = 512, memory = 1024, minimum = 1, maximum = 2 }
    indexer      = { cpu = 512, memory = 2048, minimum = 1, maximum = 2 }
  }
  spot_share = 1

  database = {
    instance_class = "db.t4g.medium"
    replica_class  = "db.t4g.medium"
    replicas       = 1
    storage_gib    = { initial = 30, most = 100 }
    multi_az       = false
    backup_days    = 7
  }
  cache = { node_type = "cache.t4g.small", shards = 1, replicas_per_shard = 1 }

  log_retention_days = 14
  usd_per_month      = 900
}
