# What must hold for production, with and without a show. Planned, and once applied, against values invented by the provider's
# stand-in or, with an account, by AWS.

variables {
  now               = "2027-01-05T09:00:00Z"
  wait_until_steady = false

  people = {
    viewers   = ["arn:aws:iam::123456789012:role/watch"]
    operators = ["arn:aws:iam::123456789012:role/on-call"]
    deployers = ["arn:aws:iam::123456789012:role/build"]
  }
}

run "the_defaults_plan_cleanly" {
  command = plan

  assert {
    condition     = { for name, service in output.services : name => service.minimum } == { listing = 3, search = 3, order = 3, order-worker = 2, indexer = 2 }
    error_message = "three of each that people talk to, two of each that works behind them"
  }

  assert {
    condition     = alltrue([for service in values(output.services) : service.scheduled == {}]) && output.show_schedules == {}
    error_message = "without a show nothing is scheduled"
  }

  assert {
    condition     = module.marketplace.protection.database.replicas == 2 && module.marketplace.protection.database.multi_az
    error_message = "two replicas, and a standby of the primary"
  }

  assert {
    condition     = module.marketplace.protection.database.deletion_protection && module.marketplace.protection.database.backup_days == 14
    error_message = "the database is not destroyed by mistake, and any moment of two weeks can be had back"
  }

  assert {
    condition     = length(module.marketplace.knows.listing) == 6 && length(setintersection(module.marketplace.knows.listing, ["write-primary-url", "owner-url", "order-log-url", "payment-api-key", "payment-notice-secret", "smtp-url"])) == 0
    error_message = "listing has no business with writing, orders or money: ${jsonencode(module.marketplace.knows.listing)}"
  }

  assert {
    condition     = alltrue([for program, secrets in module.marketplace.knows : !contains(secrets, "owner-url") && !contains(secrets, "role-passwords")])
    error_message = "no service may change the schema"
  }
}

run "operators_have_their_tools" {
  command = plan

  assert {
    condition     = sort(keys(output.run_job)) == tolist(["database-roles", "migrate", "redrive", "rung"]) && sort(keys(output.tools.families)) == tolist(["redrive", "rung"])
    error_message = "requests that were set aside, and rungs, are reached from inside; nothing makes up a catalogue here: ${jsonencode(keys(output.run_job))}"
  }

  assert {
    condition     = sort(output.tools.doors) == tolist(["listing", "order", "search"])
    error_message = "rungs are set where there is a door"
  }
}

run "nothing_is_open_and_everything_is_encrypted" {
  command = plan

  assert {
    condition     = !module.marketplace.protection.database.public && !module.marketplace.protection.photos.public
    error_message = "neither a database nor a bucket is public"
  }

  assert {
    condition     = alltrue([for rollout in values(module.marketplace.protection.rollout) : !rollout.public_address])
    error_message = "no task has a public address"
  }

  assert {
    condition     = module.marketplace.protection.database.encrypted && module.marketplace.protection.cache.at_rest
    error_message = "everything at rest is encrypted"
  }

  assert {
    condition     = module.marketplace.protection.database.tls_only && module.marketplace.protection.cache.in_transit
    error_message = "databases and cache speak TLS only"
  }

  assert {
    condition = (
      module.marketplace.protection.door.policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
      && module.marketplace.protection.door.plain_http == "redirect"
      && module.marketplace.protection.photos.plain_http == "redirect-to-https"
      && module.marketplace.protection.photos.viewers_need == "TLSv1.2_2021"
    )
    error_message = "strangers are spoken to by TLS 1.2 or newer, and led there from plain HTTP"
  }

  assert {
    condition     = alltrue([for rollout in values(module.marketplace.protection.rollout) : rollout.minimum_healthy_percent == 100 && rollout.turns_back])
    error_message = "a rollout never goes below what there was, and is turned back when it fails"
  }
}

run "a_show_raises_and_lowers_the_right_services_at_the_right_minutes" {
  command = plan

  variables {
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

  assert {
    condition = output.services.listing.scheduled == {
      "2027-01-10T19:15:00Z" = { schedule = "at(2027-01-10T19:15:00)", timezone = "Etc/UTC", minimum = 9, maximum = 20 }
      "2027-01-10T21:00:00Z" = { schedule = "at(2027-01-10T21:00:00)", timezone = "Etc/UTC", minimum = 5, maximum = 20 }
      "2027-01-10T23:35:00Z" = { schedule = "at(2027-01-10T23:35:00)", timezone = "Etc/UTC", minimum = 3, maximum = 20 }
    }
    error_message = "listing: 9 before the show, 5 in its second hour, then its own 3: ${jsonencode(output.services.listing.scheduled)}"
  }

  assert {
    condition = (
      [for step in values(output.services.search.scheduled) : step.minimum] == [4, 3]
      && [for step in values(output.services.order.scheduled) : step.minimum] == [5, 3]
      && [for step in values(output.services["order-worker"].scheduled) : step.minimum] == [2, 2]
      && output.services.indexer.scheduled == {}
    )
    error_message = "each service gets what the plan asks for it, and the indexer is left alone"
  }

  assert {
    condition     = output.services.listing.minimum == 3
    error_message = "five days before the show nothing has changed yet"
  }

  assert {
    condition     = module.marketplace.protection.database.replicas == 3
    error_message = "the third replica is made in good time"
  }

  assert {
    condition     = module.marketplace.capacity_units == { "2027-01-09T20:05:00Z" = 150, "2027-01-11T00:00:00Z" = 0 }
    error_message = "the balancer reserves its capacity a day before, and gives it back"
  }

  assert {
    condition     = output.freezes["the-reference-evening"] == { from = "2027-01-09T20:05:00Z", until = "2027-01-11T02:05:00Z" }
    error_message = "deployments are frozen from the evening before"
  }

  assert {
    condition     = contains(keys(output.show_schedules), "hold-order-20270110T191500Z") && contains(keys(output.show_schedules), "let-go-order-20270110T233500Z")
    error_message = "order does not shrink from its first step to its last: ${jsonencode(keys(output.show_schedules))}"
  }
}

run "in_the_middle_of_the_show_an_apply_changes_nothing" {
  command = plan

  variables {
    now = "2027-01-10T20:30:00Z"
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

  assert {
    condition     = output.services.listing.minimum == 9 && length(output.services.listing.scheduled) == 2
    error_message = "the raised minimum is part of the plan, so that an apply does not lower it"
  }
}

run "a_service_has_at_least_one_task_and_the_database_one_replica" {
  command = plan

  module {
    source = "../../modules/database"
  }

  variables {
    prefix         = "halles-test"
    network        = { vpc_id = "vpc-0123456789abcdef0", subnet_ids = ["subnet-0123456789abcdef0"] }
    instance_class = "db.r7g.large"
    replica_class  = "db.r7g.large"
    replicas       = 0
    storage_gib    = { initial = 100, most = 200 }
    multi_az       = true
    backup_days    = 7
    protected      = true
    key_arn        = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-0000-0000-000000000000"
  }

  expect_failures = [var.replicas]
}

run "nothing_shrinks_while_people_watch_and_the_balancer_is_ready" {
  command = plan

  module {
    source = "../../modules/show_schedule"
  }

  variables {
    prefix         = "halles-test"
    holds          = { listing = { "2027-01-10T19:15:00Z" = true, "2027-01-10T21:00:00Z" = false } }
    resource_ids   = { listing = "service/halles-test/listing" }
    balancer_arn   = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/halles-test/0123456789abcdef"
    capacity_units = { "2027-01-09T20:05:00Z" = 150, "2027-01-11T00:00:00Z" = 0 }
    topic_arn      = "arn:aws:sns:eu-west-3:123456789012:halles-test-alarms"
    key_arn        = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition = (
      output.schedules["hold-listing-20270110T191500Z"].at == "at(2027-01-10T19:15:00)"
      && jsondecode(output.schedules["hold-listing-20270110T191500Z"].input) == {
        ResourceId        = "service/halles-test/listing"
        ScalableDimension = "ecs:service:DesiredCount"
        ServiceNamespace  = "ecs"
        SuspendedState    = { DynamicScalingInSuspended = true }
      }
      && !jsondecode(output.schedules["let-go-listing-20270110T210000Z"].input).SuspendedState.DynamicScalingInSuspended
    )
    error_message = "listing may not shrink from its first step until the planned way down begins"
  }

  assert {
    condition = (
      jsondecode(output.schedules["reserve-20270109T200500Z"].input).MinimumLoadBalancerCapacity.CapacityUnits == 150
      && jsondecode(output.schedules["reserve-20270111T000000Z"].input).ResetCapacityReservation
    )
    error_message = "the balancer reserves 150 capacity units and gives them back"
  }
}

run "a_version_has_a_name" {
  command = plan

  module {
    source = "../../modules/marketplace"
  }

  variables {
    environment   = "Pre-Production!"
    domain        = "shop.example.org"
    zone_id       = "example.org"
    image_tag     = "latest"
    network       = { cidr = "10.60.0.0/16", nat_per_zone = false }
    services      = { listing = { cpu = 512, memory = 1024, minimum = 2, maximum = 1 } }
    database      = { instance_class = "db.t4g.medium", replica_class = "db.t4g.medium", replicas = 1, storage_gib = { initial = 30, most = 100 }, multi_az = false, backup_days = 7 }
    cache         = { node_type = "cache.t4g.small", shards = 1, replicas_per_shard = 1 }
    sandbox       = false
    mail_from     = "Halles <orders@shop.example.org>"
    alarm_emails  = []
    usd_per_month = 100
    protected     = false
  }

  expect_failures = [var.environment, var.zone_id, var.image_tag, var.services, var.payment]
}
