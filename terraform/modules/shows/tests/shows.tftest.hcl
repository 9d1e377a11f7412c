# The reference evening, and a repeat that overlaps it; a marketplace of three services. Nothing is created.

variables {
  now           = "2027-01-05T09:00:00Z"
  read_replicas = 1

  services = {
    listing      = { minimum = 2, maximum = 6 }
    search       = { minimum = 2, maximum = 6 }
    order-worker = { minimum = 2, maximum = 2 }
  }

  shows = {
    first = {
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
        search = [{ at = "2027-01-10T19:15:00Z", minimum = 4 }, { at = "2027-01-10T23:35:00Z", minimum = 0 }]
      }
      load_balancer = { capacity_units = 150, from = "2027-01-09T20:05:00Z", until = "2027-01-11T00:00:00Z" }
      freeze        = { from = "2027-01-09T20:05:00Z", until = "2027-01-11T02:05:00Z" }
      read_replicas = 2
    }
  }
}

run "a_show_raises_and_lowers_at_the_right_minutes" {
  command = plan

  assert {
    condition = output.steps.listing == {
      "2027-01-10T19:15:00Z" = { minimum = 9, maximum = 14 }
      "2027-01-10T21:00:00Z" = { minimum = 5, maximum = 8 }
      "2027-01-10T23:35:00Z" = { minimum = 2, maximum = 6 }
    }
    error_message = "listing goes to 9, then 5, then back to its own 2: ${jsonencode(output.steps.listing)}"
  }

  assert {
    condition     = output.steps.search["2027-01-10T19:15:00Z"].minimum == 4 && output.steps.order-worker == {}
    error_message = "search rises to 4, and the order-worker, of which the show asks nothing, has no step"
  }

  assert {
    condition     = output.minimum_now == { listing = 2, search = 2, order-worker = 2 }
    error_message = "five days before the show everybody has what they always have"
  }

  assert {
    condition     = output.holds.listing == { "2027-01-10T19:15:00Z" = true, "2027-01-10T21:00:00Z" = false }
    error_message = "listing is held from its first step until the first that asks for less: ${jsonencode(output.holds.listing)}"
  }

  assert {
    condition     = output.capacity_units == { "2027-01-09T20:05:00Z" = 150, "2027-01-11T00:00:00Z" = 0 } && output.capacity_units_now == 0
    error_message = "the balancer's reservation comes a day before and goes afterwards"
  }

  assert {
    condition     = output.freezes.first == { from = "2027-01-09T20:05:00Z", until = "2027-01-11T02:05:00Z" } && output.read_replicas == 2
    error_message = "deployments are frozen, and a second replica is there from now on"
  }
}

run "a_moment_may_be_written_in_any_time_zone" {
  command = plan

  variables {
    shows = {
      paris = {
        name          = "On the clock of Paris, and of New York and Kathmandu"
        air           = "2027-06-06T21:10:00+02:00"
        begins        = "2027-06-06T20:30:00+02:00"
        ends          = "2027-06-07T00:30:00+02:00"
        services      = { listing = [{ at = "2027-06-06T14:30:00-04:00", minimum = 7 }, { at = "2027-06-07T04:15:00+05:45", minimum = 0 }] }
        load_balancer = { capacity_units = 0, from = "2027-06-05T21:10:00+02:00", until = "2027-06-07T01:00:00+02:00" }
        freeze        = { from = "2027-06-05T21:10:00+02:00", until = "2027-06-07T03:00:00+02:00" }
        read_replicas = 0
      }
    }
  }

  assert {
    condition     = keys(output.steps.listing) == ["2027-06-06T18:30:00Z", "2027-06-06T22:30:00Z"]
    error_message = "half past eight in Paris, in June, is 18:30 UTC: ${jsonencode(keys(output.steps.listing))}"
  }

  assert {
    condition     = output.freezes.paris.from == "2027-06-05T19:10:00Z" && output.capacity_units == {}
    error_message = "no reservation was asked for, and the freeze is in UTC too"
  }
}

run "of_shows_that_overlap_the_greatest_wins" {
  command = plan

  variables {
    shows = {
      early = {
        name          = "Early"
        air           = "2027-01-10T20:00:00Z"
        begins        = "2027-01-10T19:00:00Z"
        ends          = "2027-01-10T22:00:00Z"
        services      = { listing = [{ at = "2027-01-10T19:00:00Z", minimum = 8 }, { at = "2027-01-10T22:00:00Z", minimum = 0 }] }
        load_balancer = { capacity_units = 300, from = "2027-01-09T20:00:00Z", until = "2027-01-10T23:00:00Z" }
        freeze        = { from = "2027-01-10T08:00:00Z", until = "2027-01-11T00:00:00Z" }
        read_replicas = 1
      }
      late = {
        name          = "Late"
        air           = "2027-01-10T21:00:00Z"
        begins        = "2027-01-10T20:30:00Z"
        ends          = "2027-01-10T23:30:00Z"
        services      = { listing = [{ at = "2027-01-10T20:30:00Z", minimum = 5 }, { at = "2027-01-10T23:30:00Z", minimum = 0 }] }
        load_balancer = { capacity_units = 200, from = "2027-01-09T21:00:00Z", until = "2027-01-11T00:30:00Z" }
        freeze        = { from = "2027-01-10T08:00:00Z", until = "2027-01-11T01:00:00Z" }
        read_replicas = 3
      }
    }
  }

  assert {
    condition     = [for step in values(output.steps.listing) : step.minimum] == [8, 8, 5, 2]
    error_message = "8 while the early show runs, 5 until the late one is over, then 2: ${jsonencode(output.steps.listing)}"
  }

  assert {
    condition     = values(output.holds.listing) == [true, true, true, false]
    error_message = "what one show holds the other cannot let go: ${jsonencode(output.holds.listing)}"
  }

  assert {
    condition     = values(output.capacity_units) == [300, 300, 200, 0] && output.read_replicas == 3
    error_message = "the balancer has what the greater show needs for as long as that lasts: ${jsonencode(output.capacity_units)}"
  }
}

run "an_apply_in_the_middle_of_a_show_takes_nothing_away" {
  command = plan

  variables {
    now = "2027-01-10T20:30:00Z"
  }

  assert {
    condition     = output.minimum_now.listing == 9 && output.held_now.listing && !output.held_now.order-worker
    error_message = "at half past eight listing has its 9 and keeps them"
  }

  assert {
    condition     = keys(output.steps.listing) == ["2027-01-10T21:00:00Z", "2027-01-10T23:35:00Z"] && output.capacity_units_now == 150
    error_message = "what has been carried out is not asked for again"
  }
}

run "a_calm_month_asks_for_nothing" {
  command = plan

  variables {
    shows = {}
  }

  assert {
    condition     = alltrue([for steps in values(output.steps) : steps == {}]) && output.read_replicas == 1 && output.freezes == {}
    error_message = "without a show there is nothing to do"
  }
}

run "a_show_in_the_past_is_refused" {
  command = plan

  variables {
    now = "2027-01-10T23:35:00Z"
  }

  expect_failures = [var.shows]
}

run "a_moment_without_its_zone_is_refused" {
  command = plan

  variables {
    shows = {
      vague = {
        name          = "Vague"
        air           = "2027-01-10 20:00"
        begins        = "2027-01-10T19:00:00Z"
        ends          = "2027-01-10T22:00:00Z"
        services      = {}
        load_balancer = { capacity_units = 0, from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        freeze        = { from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        read_replicas = 0
      }
    }
  }

  expect_failures = [var.shows]
}

run "a_show_that_never_gives_back_is_refused" {
  command = plan

  variables {
    shows = {
      greedy = {
        name          = "Greedy"
        air           = "2027-01-10T20:00:00Z"
        begins        = "2027-01-10T19:00:00Z"
        ends          = "2027-01-10T22:00:00Z"
        services      = { listing = [{ at = "2027-01-10T19:00:00Z", minimum = 9 }] }
        load_balancer = { capacity_units = 0, from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        freeze        = { from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        read_replicas = 0
      }
    }
  }

  expect_failures = [var.shows]
}

run "a_service_that_is_not_there_is_refused" {
  command = plan

  variables {
    services = { listing = { minimum = 2, maximum = 6 } }
  }

  expect_failures = [var.shows]
}

run "a_reservation_too_small_to_make_is_refused" {
  command = plan

  variables {
    shows = {
      small = {
        name          = "Small"
        air           = "2027-01-10T20:00:00Z"
        begins        = "2027-01-10T19:00:00Z"
        ends          = "2027-01-10T22:00:00Z"
        services      = {}
        load_balancer = { capacity_units = 20, from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        freeze        = { from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        read_replicas = 0
      }
    }
  }

  expect_failures = [var.shows]
}

run "a_freeze_that_thaws_too_early_is_refused" {
  command = plan

  variables {
    shows = {
      hasty = {
        name          = "Hasty"
        air           = "2027-01-10T20:00:00Z"
        begins        = "2027-01-10T19:00:00Z"
        ends          = "2027-01-10T22:00:00Z"
        services      = {}
        load_balancer = { capacity_units = 0, from = "2027-01-10T19:00:00Z", until = "2027-01-10T22:00:00Z" }
        freeze        = { from = "2027-01-10T19:00:00Z", until = "2027-01-10T21:00:00Z" }
        read_replicas = 0
      }
    }
  }

  expect_failures = [var.shows]
}
