# Who may speak to whom: each program has a group of its own, and every store lets in only those that need it.

locals {
  members = toset(concat(keys(local.programs), ["jobs", "tools"]))
  stores = {
    database = { group = module.database.security_group_id, port = module.database.port }
    cache    = { group = module.cache.security_group_id, port = module.cache.port }
  }
  ways = merge([for member in local.members : {
    for store in local.needs[member] : "${member}-to-${store}" => { member = member, store = store } if store != "order-log"
  }]...)
  talked_to = { for name, program in local.programs : name => program if program.paths != null }
  # Programs of the sandbox that others of ours speak to.
  inside_ways = !var.sandbox ? {} : {
    order-to-payments        = { from = "order", to = "payments", port = 8080 }
    order-worker-to-payments = { from = "order-worker", to = "payments", port = 8080 }
    order-worker-to-mailbox  = { from = "order-worker", to = "mailbox", port = 2525 }
  }
}

resource "aws_security_group" "program" {
  for_each = local.members

  name        = "${local.prefix}-${each.value}"
  description = "Tasks of ${each.value}"
  vpc_id      = module.network.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "store" {
  for_each = local.ways

  security_group_id            = local.stores[each.value.store].group
  referenced_security_group_id = aws_security_group.program[each.value.member].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = local.stores[each.value.store].port
  to_port                      = local.stores[each.value.store].port
}

resource "aws_vpc_security_group_egress_rule" "store" {
  for_each = local.ways

  security_group_id            = aws_security_group.program[each.value.member].id
  referenced_security_group_id = local.stores[each.value.store].group
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = local.stores[each.value.store].port
  to_port                      = local.stores[each.value.store].port
}

# The order log has a state of its own, which lets these groups in; here is the other half of that way.
resource "aws_vpc_security_group_egress_rule" "order_log" {
  for_each = toset([for member in local.members : member if contains(local.needs[member], "order-log")])

  security_group_id = aws_security_group.program[each.value].id
  description       = "${each.value} to the order log"
  cidr_ipv4         = module.network.cidr
  ip_protocol       = "tcp"
  from_port         = 6379
  to_port           = 6379
}

# Services of AWS, and the payment provider: by TLS, wherever they are.
resource "aws_vpc_security_group_egress_rule" "tls" {
  for_each = local.members

  security_group_id = aws_security_group.program[each.value].id
  description       = "TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "mail" {
  count = var.sandbox ? 0 : 1

  security_group_id = aws_security_group.program["order-worker"].id
  description       = "The mail server, by TLS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 465
  to_port           = 465
}

# From the balancer: the shop's port, and the admin port, which it asks for readiness. No rule of it leads to the latter.
resource "aws_vpc_security_group_ingress_rule" "balancer" {
  for_each = local.talked_to

  security_group_id            = aws_security_group.program[each.key].id
  referenced_security_group_id = module.load_balancer.security_group_id
  description                  = "The balancer: requests"
  ip_protocol                  = "tcp"
  from_port                    = 8080
  to_port                      = 8080
}

resource "aws_vpc_security_group_ingress_rule" "readiness" {
  for_each = local.talked_to

  security_group_id            = aws_security_group.program[each.key].id
  referenced_security_group_id = module.load_balancer.security_group_id
  description                  = "The balancer: readiness"
  ip_protocol                  = "tcp"
  from_port                    = 9090
  to_port                      = 9090
}

resource "aws_vpc_security_group_egress_rule" "balancer" {
  for_each = merge(
    { for name in keys(local.talked_to) : "${name}-requests" => { name = name, port = 8080 } },
    { for name in keys(local.talked_to) : "${name}-readiness" => { name = name, port = 9090 } },
  )

  security_group_id            = module.load_balancer.security_group_id
  referenced_security_group_id = aws_security_group.program[each.value.name].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# From the tools: the admin port, where a rung is set by hand.
resource "aws_vpc_security_group_ingress_rule" "tools" {
  for_each = local.talked_to

  security_group_id            = aws_security_group.program[each.key].id
  referenced_security_group_id = aws_security_group.program["tools"].id
  description                  = "The tools: rungs"
  ip_protocol                  = "tcp"
  from_port                    = 9090
  to_port                      = 9090
}

resource "aws_vpc_security_group_egress_rule" "tools" {
  for_each = local.talked_to

  security_group_id            = aws_security_group.program["tools"].id
  referenced_security_group_id = aws_security_group.program[each.key].id
  description                  = "Rungs of ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = 9090
  to_port                      = 9090
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each = local.inside_ways

  security_group_id            = aws_security_group.program[each.value.to].id
  referenced_security_group_id = aws_security_group.program[each.value.from].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each = local.inside_ways

  security_group_id            = aws_security_group.program[each.value.from].id
  referenced_security_group_id = aws_security_group.program[each.value.to].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

# Names inside, for the programs of the sandbox.

resource "aws_service_discovery_private_dns_namespace" "inside" {
  count = var.sandbox ? 1 : 0

  name        = local.inside
  description = "Names inside ${local.prefix}"
  vpc         = module.network.vpc_id
}

resource "aws_service_discovery_service" "inside" {
  for_each = toset([for name in keys(local.sandbox_programs) : name if var.sandbox])

  name = each.value

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.inside[0].id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 5
    }
  }
}
