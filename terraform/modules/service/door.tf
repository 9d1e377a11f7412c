# The way from the balancer to the tasks, for those that people talk to.

resource "aws_lb_target_group" "this" {
  count = local.is_web ? 1 : 0

  name        = local.full_name
  vpc_id      = var.network.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = local.port

  # As many as it goes on answering for after the word to stop.
  deregistration_delay = local.drain_delay_ms / 1000
  # Whoever answers quickly gets the next request. (A slow start would exclude this; a new task warms itself up before it
  # says that it is ready.)
  load_balancing_algorithm_type = "least_outstanding_requests"

  # The admin port is asked, so that a busy task is not taken for a dead one.
  health_check {
    protocol            = "HTTP"
    port                = tostring(local.admin_port)
    path                = "/readyz"
    matcher             = "200"
    interval            = 5
    timeout             = 2
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  lifecycle {
    create_before_destroy = true
  }
}

# A rule takes five paths at most.
resource "aws_lb_listener_rule" "this" {
  for_each = !local.is_web ? {} : {
    for index, paths in length(var.door.paths) > 0 ? chunklist(var.door.paths, 5) : [["/*"]] :
    var.door.first_priority + index => paths
  }

  listener_arn = var.door.listener_arn
  priority     = each.key

  condition {
    path_pattern {
      values = each.value
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[0].arn
  }
}
