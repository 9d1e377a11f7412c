# The evening as one timetable: what all shows together ask of the fleet, minute by minute. Pure arithmetic, no resource,
# so that it can be tried out by itself. Where shows overlap, whoever asks for the most is heard.

locals {
  # Every moment that somebody wrote, and the same in UTC: this text sorts by time.
  written = distinct(flatten([for show in var.shows : [
    show.begins, show.ends, show.load_balancer.from, show.load_balancer.until, show.freeze.from, show.freeze.until,
    [for steps in values(show.services) : steps[*].at],
  ]]))

  zones = { for moment in local.written : moment => regex("^(.{19})(?:Z|([+-])(\\d{2}):(\\d{2}))$", moment) }

  utc = { for moment, parts in local.zones : moment => (
    parts[1] == null ? moment : "${substr(timeadd("${parts[0]}Z", "${parts[1] == "+" ? "-" : ""}${parts[2]}h${parts[3]}m"), 0, 19)}Z"
  ) }

  # What each show asks of each service: moment → tasks that must run from then on.
  asked = { for service in keys(var.services) : service => [
    for show in var.shows : { for step in lookup(show.services, service, []) : local.utc[step.at] => step.minimum }
  ] }

  moments = { for service, plans in local.asked : service => sort(distinct(flatten([for plan in plans : keys(plan)]))) }

  # The greatest of what the shows ask at a moment, and never less than the service has without them.
  levels = { for service, own in var.services : service => {
    for moment in concat(local.moments[service], [var.now]) : moment => max(own.minimum, [
      for plan in local.asked[service] : try(reverse([for at in sort(keys(plan)) : plan[at] if timecmp(at, moment) <= 0])[0], 0)
    ]...)
  } }

  steps = { for service, own in var.services : service => {
    for moment in local.moments[service] : moment => {
      minimum = local.levels[service][moment]
      # Room above the plan, because a plan may be wrong.
      maximum = max(own.maximum, ceil(local.levels[service][moment] * 1.5))
    } if timecmp(moment, var.now) > 0
  } }
}

# When a service may not shrink by itself: from a show's first step until the first one that asks for less. From then on the
# way down is planned, and the plan's minimum keeps it from going too far.
locals {
  held = { for service in keys(var.services) : service => [
    for show in var.shows : {
      from = local.utc[show.services[service][0].at]
      until = local.utc[[
        for index, step in show.services[service] : step.at
        if index > 0 && step.minimum < try(show.services[service][index - 1].minimum, 0)
      ][0]]
    } if contains(keys(show.services), service)
  ] }

  hold_moments = { for service, windows in local.held : service => sort(distinct(flatten([for window in windows : [window.from, window.until]]))) }

  holds = { for service, windows in local.held : service => {
    for moment in concat(local.hold_moments[service], [var.now]) : moment =>
    anytrue([for window in windows : timecmp(window.from, moment) <= 0 && timecmp(moment, window.until) < 0])
  } }
}

# What the load balancer reserves. A reservation takes minutes at best and may be lowered twice a day only, so it comes long
# before the show and goes once.
locals {
  reservations = [for show in var.shows : {
    units = show.load_balancer.capacity_units
    from  = local.utc[show.load_balancer.from]
    until = local.utc[show.load_balancer.until]
  } if show.load_balancer.capacity_units > 0]

  reservation_moments = sort(distinct(flatten([for reservation in local.reservations : [reservation.from, reservation.until]])))

  capacity_units = { for moment in concat(local.reservation_moments, [var.now]) : moment => max(var.capacity_units, [
    for reservation in local.reservations : reservation.units
    if timecmp(reservation.from, moment) <= 0 && timecmp(moment, reservation.until) < 0
  ]...) }

  freezes = { for key, show in var.shows : key => { from = local.utc[show.freeze.from], until = local.utc[show.freeze.until] } }
}
