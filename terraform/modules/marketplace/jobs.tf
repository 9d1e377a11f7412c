# What is run by hand, or by a deployment, to its end: the database's roles, its tables, the catalogue to try things with; and what
# operators do from inside, because nothing outside reaches the order log or an admin port.

locals {
  # job → its repository (none: an image of others), what it runs, what it is told, and the walls that it stands behind.
  jobs = merge(
    {
      database-roles = {
        repository = null
        group      = "jobs"
        user       = "999" # postgres, in that image
        command    = ["sh", "-c", "printf '%s' \"$ROLES_SQL\" | psql --set ON_ERROR_STOP=1 --set owner=\"$OWNER\" --set write=\"$WRITE\" --set read=\"$READ\""]
        environment = {
          PGHOST     = module.database.address
          PGPORT     = tostring(module.database.port)
          PGDATABASE = "halles"
          PGSSLMODE  = "require"
          ROLES_SQL  = module.database.roles_sql
        }
        secrets = merge(
          { for name in ["owner", "write", "read"] : upper(name) => "${module.secrets.arns["role-passwords"]}:${name}::" },
          { PGUSER = "${module.database.master_secret_arn}:username::", PGPASSWORD = "${module.database.master_secret_arn}:password::" },
        )
        secret_arns = [module.secrets.arns["role-passwords"], module.database.master_secret_arn]
      }
      migrate = {
        repository  = "migrate"
        group       = "jobs"
        user        = "10001"
        command     = []
        environment = {}
        secrets     = { HALLES_STORE__PRIMARY_URL = module.secrets.arns["owner-url"] }
        secret_arns = [module.secrets.arns["owner-url"]]
      }
      # Requests to buy that were set aside.
      redrive = {
        repository  = "tools"
        group       = "tools"
        user        = "10001"
        command     = ["redrive"]
        environment = local.ordering_settings
        secrets     = { for setting, secret in local.ordering : setting => module.secrets.arns[secret] }
        secret_arns = [for secret in values(local.ordering) : module.secrets.arns[secret]]
      }
      # What the services give up: shown, or set by hand. terraform/bin/run_tool.py adds whom to tell.
      rung = {
        repository  = "tools"
        group       = "tools"
        user        = "10001"
        command     = ["rung"]
        environment = {}
        secrets     = { HALLES_HTTP__ADMISSION__RUNG_TOKEN = module.secrets.arns["rung-token"] }
        secret_arns = [module.secrets.arns["rung-token"]]
      }
    },
    { for name, job in local.sandbox_jobs : name => job if var.sandbox },
  )

  sandbox_jobs = {
    demo = {
      repository  = "tools"
      group       = "jobs"
      user        = "10001"
      command     = ["generate", "100000", "--if-empty"]
      environment = {}
      secrets     = { HALLES_DATABASE_URL = module.secrets.arns["owner-url"] }
      secret_arns = [module.secrets.arns["owner-url"]]
    }
  }
}

module "job_identity" {
  source   = "../identity"
  for_each = local.jobs

  name                  = "${local.prefix}-${each.key}"
  secret_arns           = each.value.secret_arns
  key_arn               = module.key.arn
  repository_arns       = [for repository in compact([each.value.repository]) : module.registry.arns[repository]]
  log_group_arn         = aws_cloudwatch_log_group.program["jobs"].arn
  metrics_log_group_arn = aws_cloudwatch_log_group.metrics.arn
}

module "job" {
  source   = "../job"
  for_each = local.jobs

  prefix      = local.prefix
  name        = each.key
  image       = each.value.repository == null ? local.psql_image : "${module.registry.urls[each.value.repository]}:${var.image_tag}"
  user        = each.value.user
  command     = each.value.command
  environment = each.value.environment
  secrets     = each.value.secrets
  roles       = { start = module.job_identity[each.key].start_role_arn, run = module.job_identity[each.key].run_role_arn }
  log_group   = aws_cloudwatch_log_group.program["jobs"].name
}
