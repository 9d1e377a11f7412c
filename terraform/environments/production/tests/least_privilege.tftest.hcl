# Who may do what. Policies name things that have no name before they are there, so this is applied; but only what policies
# speak of.

variables {
  now               = "2027-01-05T09:00:00Z"
  wait_until_steady = false

  people = {
    viewers   = ["arn:aws:iam::123456789012:role/watch"]
    operators = ["arn:aws:iam::123456789012:role/on-call"]
    deployers = ["arn:aws:iam::123456789012:role/build"]
  }

  shows = {
    "the-reference-evening" = {
      name   = "The reference evening"
      air    = "2027-01-10T20:05:00Z"
      begins = "2027-01-10T19:15:00Z"
      ends   = "2027-01-10T23:35:00Z"
      services = {
        listing = [
          { at = "2027-01-10T19:15:00Z", minimum = 9 },
          { at = "2027-01-10T21:00:00Z", minimum = 5 },
          { at = "2027-01-10T23:35:00Z", minimum = 0 },
        ]
        search = [
          { at = "2027-01-10T19:15:00Z", minimum = 4 },
          { at = "2027-01-10T23:35:00Z", minimum = 0 },
        ]
        order = [
          { at = "2027-01-10T19:15:00Z", minimum = 5 },
          { at = "2027-01-10T23:35:00Z", minimum = 0 },
        ]
        "order-worker" = [
          { at = "2027-01-10T19:15:00Z", minimum = 2 },
          { at = "2027-01-10T23:35:00Z", minimum = 0 },
        ]
      }
      load_balancer = { capacity_units = 150, from = "2027-01-09T20:05:00Z", until = "2027-01-11T00:00:00Z" }
      freeze        = { from = "2027-01-09T20:05:00Z", until = "2027-01-11T02:05:00Z" }
      read_replicas = 3
      warm          = ["/", "/c/ceramique"]
    }
  }
}

run "everybody_may_do_what_they_need_and_no_more" {
  command = apply

  plan_options {
    target = [
      module.marketplace.module.identity, module.marketplace.module.job_identity, module.marketplace.module.people,
      module.marketplace.module.network.aws_iam_role_policy.flow, module.marketplace.module.show_schedule.aws_iam_role_policy.this,
    ]
  }

  assert {
    condition = alltrue(flatten([
      for who, policy in output.policies : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) : statement.Effect == "Deny" || !strcontains(action, "*")
        ]
      ]
    ]))
    error_message = "somebody may do whatever begins with something"
  }

  # What AWS cannot narrow to a resource is listed here by name; whatever else is granted on everything is a mistake.
  assert {
    condition = alltrue(flatten([
      for who, policy in output.policies : [
        for statement in jsondecode(policy).Statement :
        statement.Effect == "Deny" || !contains(flatten([statement.Resource]), "*") || can(statement.Condition) || length(setsubtract(flatten([statement.Action]), [
          "ecr:GetAuthorizationToken", "xray:PutTraceSegments", "xray:PutTelemetryRecords",
          "ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition", "ecs:ListClusters", "ecs:ListServices", "ecs:ListTasks",
          "application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScheduledActions",
          "application-autoscaling:DescribeScalingActivities",
          "cloudwatch:GetDashboard", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:ListMetrics",
          "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeCapacityReservation",
          "scheduler:ListSchedules", "logs:DescribeLogGroups", "xray:GetTraceSummaries", "xray:BatchGetTraces",
        ])) == 0
      ]
    ]))
    error_message = "somebody may do something to everything that could be narrowed"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(output.policies["search index"]).Statement :
      length(setsubtract(flatten([statement.Action]), ["s3:GetObject", "s3:ListBucket"])) == 0
    ])
    error_message = "search reads the index and cannot write it"
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(output.policies["people deploy"]).Statement :
      statement.Effect == "Deny" && contains(flatten([statement.Action]), "ecs:UpdateService")
      && try(statement.Condition.DateGreaterThanEquals["aws:CurrentTime"] == "2027-01-09T20:05:00Z", false)
      && try(statement.Condition.DateLessThan["aws:CurrentTime"] == "2027-01-11T02:05:00Z", false)
    ])
    error_message = "nobody deploys around the show"
  }
}
