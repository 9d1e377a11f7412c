# Somebody hears of it when the month becomes dearer than planned: at four fifths of it, and as soon as the forecast says more.

resource "aws_budgets_budget" "this" {
  name         = var.prefix
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = format("%.1f", var.usd_per_month)
  limit_unit   = "USD"

  # For as long as AWS lets a budget last.
  time_period_start = "2026-01-01_00:00"
  time_period_end   = "2087-06-15_00:00"

  cost_filter {
    name   = "TagKeyValue"
    values = [for name in sort(keys(var.tags)) : format("user:%s$%s", name, var.tags[name])]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    notification_type         = "ACTUAL"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [var.topic_arn]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    notification_type         = "FORECASTED"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    subscriber_sns_topic_arns = [var.topic_arn]
  }
}
