# Which programs there are and what each is told. The names of settings are those that the programs accept (`--print-config`);
# a test of this repository compares them.

locals {
  shop_url = "https://${var.domain}"

  # What nobody may see, and what it is for.
  secrets = merge(
    {
      read-replica-url      = "PostgreSQL: the replicas, with the role that reads"
      read-primary-url      = "PostgreSQL: the primary, with the role that reads; the capped way out"
      write-primary-url     = "PostgreSQL: the primary, with the role that writes"
      owner-url             = "PostgreSQL: the primary, with the role that owns the tables"
      role-passwords        = "PostgreSQL: the passwords of these roles (JSON: owner, write, read)"
      cache-url             = "The cache and the change stream"
      order-log-url         = "The order log"
      signing               = "Behind cookies, names of orders and payment links"
      signing-previous      = "The one before, while it is being changed; what it signed stays good"
      rung-token            = "What a hand needs to set the ladder"
      payment-api-key       = "What the payment provider knows us by"
      payment-notice-secret = "What its notices are sealed with"
    },
    var.sandbox ? {} : { smtp-url = "The mail server" },
  )

  reads    = { HALLES_STORE__REPLICA_URL = "read-replica-url", HALLES_STORE__PRIMARY_URL = "read-primary-url" }
  writes   = { HALLES_STORE__REPLICA_URL = "read-replica-url", HALLES_STORE__PRIMARY_URL = "write-primary-url" }
  cached   = { HALLES_CACHE__REDIS_URL = "cache-url", HALLES_CHANGES__REDIS_URL = "cache-url" }
  changes  = { HALLES_CHANGES__REDIS_URL = "cache-url" }
  ordering = { HALLES_ORDER_LOG__REDIS_URL = "order-log-url" }
  signs    = { HALLES_SIGNING__SECRET = "signing", HALLES_SIGNING__PREVIOUS_SECRET = "signing-previous" }
  web      = merge(local.signs, { HALLES_HTTP__ADMISSION__RUNG_TOKEN = "rung-token" })
  paying   = { HALLES_PAYMENT__API_KEY = "payment-api-key", HALLES_PAYMENT__NOTICE_SECRET = "payment-notice-secret" }

  cached_settings   = { HALLES_CACHE__REDIS__CLUSTER = "true", HALLES_CHANGES__REDIS__CLUSTER = "true" }
  changes_settings  = { HALLES_CHANGES__REDIS__CLUSTER = "true" }
  ordering_settings = { HALLES_ORDER_LOG__REDIS__CLUSTER = "true" }
  work_directory    = "/var/lib/halles/index-work"
  index_settings = {
    HALLES_INDEX__STORE_URL  = module.index_store.url
    HALLES_INDEX__S3__REGION = data.aws_region.current.region
    HALLES_INDEX__WORK_DIR   = local.work_directory
  }

  inside = "${local.prefix}.internal"
  provider = var.sandbox ? {
    # The provider to try things with is one of our own programs and is asked from inside; browsers reach its pages at the shop.
    HALLES_PAYMENT__PROVIDER_URL = "http://payments.${local.inside}:8080"
    HALLES_PAYMENT__PAGE_ORIGIN  = local.shop_url
    } : {
    HALLES_PAYMENT__PROVIDER_URL = var.payment.provider_url
    HALLES_PAYMENT__PAGE_ORIGIN  = var.payment.page_origin
  }
  mail = merge(
    { HALLES_MAIL__FROM = var.mail_from },
    var.sandbox ? { HALLES_MAIL__SMTP_URL = "smtp://mailbox.${local.inside}:2525" } : {},
  )

  # program → what it is told, which secrets it gets, and the paths that lead to it (none: all that others leave; null: no
  # way leads to it from outside).
  programs = merge(
    {
      listing = {
        environment = local.cached_settings
        secrets     = merge(local.reads, local.cached, local.web)
        paths       = []
        priority    = 1000
        policies    = {}
        work        = ""
      }
      search = {
        environment = merge(local.cached_settings, local.index_settings)
        secrets     = merge(local.reads, local.cached, local.web)
        paths       = ["/search", "/suggestions", "/api/v1/search", "/api/v1/suggestions", "/api/v1/openapi/search.json"]
        priority    = 100
        policies    = { index = module.index_store.policies.read }
        work        = local.work_directory
      }
      order = {
        environment = merge(local.cached_settings, local.ordering_settings, local.provider, {
          HALLES_LINKS__PUBLIC_URL = local.shop_url
        })
        secrets = merge(local.writes, local.cached, local.ordering, local.web, local.paying)
        paths = [
          "/basket", "/checkout", "/orders", "/api/v1/basket", "/api/v1/orders", "/api/v1/openapi/order.json",
          "/basket/*", "/checkout/*", "/orders/*", "/pay/*", "/api/v1/basket/*", "/api/v1/orders/*", "/api/v1/payments/*", "/api/v1/seller/*",
        ]
        priority = 200
        policies = {}
        work     = ""
      }
      order-worker = {
        environment = merge(local.changes_settings, local.ordering_settings, local.provider, local.mail, {
          HALLES_LINKS__PUBLIC_URL = local.shop_url
        })
        secrets  = merge(local.writes, local.changes, local.ordering, local.signs, local.paying, var.sandbox ? {} : { HALLES_MAIL__SMTP_URL = "smtp-url" })
        paths    = null
        priority = 0
        policies = {}
        work     = ""
      }
      indexer = {
        environment = merge(local.changes_settings, local.index_settings)
        secrets     = merge(local.reads, local.changes)
        paths       = null
        priority    = 0
        policies    = { index = module.index_store.policies.write }
        work        = local.work_directory
      }
    },
    { for name, program in local.sandbox_programs : name => program if var.sandbox },
  )

  sandbox_programs = {
    payments = {
      environment = { HALLES_SANDBOX__PUBLIC_URL = local.shop_url }
      secrets     = { HALLES_SANDBOX__API_KEY = "payment-api-key", HALLES_SANDBOX__NOTICE_SECRET = "payment-notice-secret" }
      paths       = ["/sandbox/*"]
      priority    = 300
      policies    = {}
      work        = ""
    }
    mailbox = {
      environment = { HALLES_MAILBOX__SMTP_PORT = "2525" }
      secrets     = {}
      paths       = ["/mailbox", "/mailbox/*"]
      priority    = 310
      policies    = {}
      work        = ""
    }
  }

  # One task each, small, and never more.
  sandbox_size = { cpu = 256, memory = 512, minimum = 1, maximum = 1, requests_per_target = 6000 }
  sizes        = merge(var.services, { for name in keys(local.sandbox_programs) : name => local.sandbox_size if var.sandbox })

  # program → what it must reach: what each one's security group is let into.
  needs = {
    listing      = ["database", "cache"]
    search       = ["database", "cache"]
    order        = ["database", "cache", "order-log"]
    order-worker = ["database", "cache", "order-log"]
    indexer      = ["database", "cache"]
    payments     = []
    mailbox      = []
    jobs         = ["database"]
    tools        = ["order-log"]
  }
}
