# What is run by hand, or by a deployment, to its end: the database's roles, its tables, and the catalogue to try things with.

locals {
  jobs = merge(
    {
      database-roles = {
        image   = local.psql_image
        ours    = false
        user    = "999" # postgres, in that image
        command = ["sh", "-c", "printf '%s' \"$ROLES_SQL\" | psql --set ON_ERROR_STOP=1 --set owner=\"$OWNER\" --set write=\"$WRITE\" --set read=\"$READ\""]
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
        image       = "${module.registry.urls["migrate"]}:${var.image_tag}"
        ours        = true
        user        = "10001"
        command     = []
        environment = {}
        secrets     = { HALLES_STORE__PRIMARY_URL = module.secrets.arns["owner-url"] }
        secret_arns = [module.secrets.arns["owner-url"]]
      }
    },
    { for name, job in local.sandbox_jobs : name => job if var.sandbox },
  )

  sandbox_jobs = {
    demo = {
      image       = try("${module.registry.urls["demo"]}:${var.image_tag}", "")
      ours        = true
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
  repository_arns       = each.value.ours ? [module.registry.arns[each.key]] : []
  log_group_arn         = aws_cloudwatch_log_group.program["jobs"].arn
  metrics_log_group_arn = aws_cloudwatch_log_group.metrics.arn
}

module "job" {
  source   = "../job"
  for_each = local.jobs

  prefix      = local.prefix
  name        = each.key
  image       = each.value.image
  user        = each.value.user
  command     = each.value.command
  environment = each.value.environment
  secrets     = each.value.secrets
  roles       = { start = module.job_identity[each.key].start_role_arn, run = module.job_identity[each.key].run_role_arn }
  log_group   = aws_cloudwatch_log_group.program["jobs"].name
}
