# What must hold for staging.

variables {
  now               = "2027-01-05T09:00:00Z"
  wait_until_steady = false
}

run "the_defaults_plan_cleanly" {
  command = plan

  assert {
    condition     = sort(keys(output.services)) == tolist(["indexer", "listing", "mailbox", "order", "order-worker", "payments", "search"])
    error_message = "staging has the payment provider and the mailbox to try things with"
  }

  assert {
    condition     = alltrue([for service in values(output.services) : service.minimum == 1])
    error_message = "one of each"
  }

  assert {
    condition     = module.marketplace.protection.database.replicas == 1 && !module.marketplace.protection.database.public
    error_message = "one replica, and nothing of it public"
  }

  assert {
    condition     = module.marketplace.protection.database.tls_only && module.marketplace.protection.cache.in_transit && module.marketplace.protection.door.plain_http == "redirect"
    error_message = "TLS everywhere, here too"
  }
}

run "the_very_first_apply_starts_no_service" {
  command = plan

  variables {
    running = false
  }

  assert {
    condition     = output.services == {} && sort(keys(output.run_job)) == tolist(["database-roles", "demo", "migrate", "redrive", "rung"])
    error_message = "there are no images yet; the jobs that prepare the database are there"
  }
}

# A show in a small marketplace, its time written as people in Paris write it.
run "a_small_show_is_rehearsed" {
  command = plan

  variables {
    shows = {
      rehearsal = {
        name          = "Rehearsal"
        air           = "2027-01-07T21:05:00+01:00"
        begins        = "2027-01-07T20:30:00+01:00"
        ends          = "2027-01-07T23:00:00+01:00"
        services      = { listing = [{ at = "2027-01-07T20:30:00+01:00", minimum = 8 }, { at = "2027-01-07T23:00:00+01:00", minimum = 0 }] }
        load_balancer = { capacity_units = 0, from = "2027-01-07T20:00:00+01:00", until = "2027-01-07T23:30:00+01:00" }
        freeze        = { from = "2027-01-07T12:00:00+01:00", until = "2027-01-08T08:00:00+01:00" }
        read_replicas = 0
      }
    }
  }

  assert {
    condition = output.services.listing.scheduled == {
      "2027-01-07T19:30:00Z" = { schedule = "at(2027-01-07T19:30:00)", timezone = "Etc/UTC", minimum = 8, maximum = 12 }
      "2027-01-07T22:00:00Z" = { schedule = "at(2027-01-07T22:00:00)", timezone = "Etc/UTC", minimum = 1, maximum = 6 }
    }
    error_message = "half past eight in Paris is half past seven UTC: ${jsonencode(output.services.listing.scheduled)}"
  }

  assert {
    condition     = output.services.order.scheduled == {} && module.marketplace.capacity_units == {}
    error_message = "what the show does not ask for stays as it is"
  }
}
