variable "shows" {
  description = "The shows to come, by a short name each: what `halles-rehearse plan` writes. Any offset of RFC 3339 will do."
  type = map(object({
    name     = string
    air      = string
    begins   = string
    ends     = string
    services = map(list(object({ at = string, minimum = number })))
    load_balancer = object({
      capacity_units = number
      from           = string
      until          = string
    })
    freeze = object({
      from  = string
      until = string
    })
    read_replicas = number
    warm          = optional(list(string), [])
  }))

  validation {
    condition     = alltrue([for key in keys(var.shows) : can(regex("^[a-z0-9][a-z0-9-]{0,39}$", key))])
    error_message = "A show is called by up to 40 lower-case letters, digits and hyphens."
  }

  validation {
    condition = alltrue(flatten([for show in var.shows : [
      for moment in concat(
        [show.air, show.begins, show.ends, show.load_balancer.from, show.load_balancer.until, show.freeze.from, show.freeze.until],
        flatten([for steps in values(show.services) : steps[*].at]),
      ) : can(regex("^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:00(Z|[+-]\\d{2}:\\d{2})$", moment)) && can(timeadd(moment, "0s"))
    ]]))
    error_message = "Every moment is a whole minute of RFC 3339, such as 2027-01-10T21:05:00+01:00."
  }

  validation {
    condition     = alltrue([for show in var.shows : try(timecmp(show.begins, show.air) <= 0 && timecmp(show.air, show.ends) < 0, true)])
    error_message = "A show begins before it is on air and ends after that."
  }

  validation {
    condition     = alltrue([for show in var.shows : try(timecmp(show.ends, var.now) > 0, true)])
    error_message = "A show is over: take it out of the file (${join(", ", [for key, show in var.shows : key if try(timecmp(show.ends, var.now) <= 0, false)])})."
  }

  validation {
    condition     = alltrue([for show in var.shows : length(setsubtract(keys(show.services), keys(var.services))) == 0])
    error_message = "A show asks for services that this marketplace has not; it has ${join(", ", keys(var.services))}."
  }

  validation {
    condition     = alltrue(flatten([for show in var.shows : [for steps in values(show.services) : [for step in steps : step.minimum >= 0 && step.minimum <= 1000 && step.minimum == floor(step.minimum)]]]))
    error_message = "A minimum is a whole number of tasks, from 0 to 1000."
  }

  validation {
    condition = alltrue(flatten([for show in var.shows : [for steps in values(show.services) : [
      length(steps) > 0,
      try([for index in range(1, length(steps)) : true if timecmp(steps[index - 1].at, steps[index].at) >= 0] == [], true),
    ]]]))
    error_message = "The steps of a service are in the order of time, each at a moment of its own, and there is one at least."
  }

  validation {
    condition = alltrue(flatten([for show in var.shows : [for steps in values(show.services) :
      try(steps[length(steps) - 1].minimum == 0 && timecmp(steps[length(steps) - 1].at, show.ends) == 0 && timecmp(steps[0].at, show.begins) >= 0, false)
    ]]))
    error_message = "The steps of a service lie within the show, and the last one, at its end, gives everything back (minimum = 0)."
  }

  validation {
    condition = alltrue([for show in var.shows : (
      (show.load_balancer.capacity_units == 0 || (show.load_balancer.capacity_units >= 100 && show.load_balancer.capacity_units <= 1500))
      && try(timecmp(show.load_balancer.from, show.load_balancer.until) < 0, true)
    )])
    error_message = "The load balancer reserves 100 to 1500 capacity units, or none (0), from one moment until a later one."
  }

  validation {
    condition     = alltrue([for show in var.shows : try(timecmp(show.freeze.from, show.begins) <= 0 && timecmp(show.ends, show.freeze.until) <= 0, true)])
    error_message = "Deployments are frozen for the whole show at least."
  }

  validation {
    condition     = alltrue([for show in var.shows : show.read_replicas >= 0 && show.read_replicas <= 5 && show.read_replicas == floor(show.read_replicas)])
    error_message = "A show asks for 0 to 5 read replicas."
  }
}

variable "services" {
  description = "What each service has without a show, and the most that it may grow to by itself."
  type        = map(object({ minimum = number, maximum = number }))
}

variable "now" {
  description = "The present moment, in UTC. Steps that lie behind it have been carried out and are left out."
  type        = string
}

variable "read_replicas" {
  description = "Read replicas without a show."
  type        = number
}

variable "capacity_units" {
  description = "Capacity units that the load balancer reserves without a show; 0 for none."
  type        = number
  default     = 0
}
