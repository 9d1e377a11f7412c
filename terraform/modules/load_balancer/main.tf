# The door: TLS ends here, and which path goes where is decided here (each service brings its rules). Nothing reaches a task
# but through it.

resource "aws_security_group" "this" {
  name        = "${var.prefix}-balancer"
  description = "The load balancer"
  vpc_id      = var.vpc_id
}

# Port 80 answers with the way to 443 and nothing else.
resource "aws_vpc_security_group_ingress_rule" "world" {
  for_each = { http = 80, https = 443 }

  security_group_id = aws_security_group.this.id
  description       = "Shoppers and sellers: ${each.key}"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
}

resource "aws_lb" "this" {
  name               = var.prefix
  load_balancer_type = "application"
  internal           = false
  security_groups    = [aws_security_group.this.id]
  subnets            = var.subnet_ids

  enable_deletion_protection = var.protected
  enable_zonal_shift         = true
  drop_invalid_header_fields = true
  # Longer than a shopper waits for an order (2 s) and than an answer may take; shorter than the services keep a connection
  # (their http.keep_alive_ms), so that no request is sent into a closing one.
  idle_timeout = 60

  access_logs {
    enabled = true
    bucket  = aws_s3_bucket.logs.id
    prefix  = "balancer"
  }

  dynamic "minimum_load_balancer_capacity" {
    for_each = var.capacity_units > 0 ? [var.capacity_units] : []

    content {
      capacity_units = minimum_load_balancer_capacity.value
    }
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_acm_certificate" "this" {
  domain_name       = var.domain
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  zone_id         = var.zone_id
  name            = tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn

  # Whatever no service has claimed. Also what is said before the first service is there.
  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/html"
      message_body = "<!doctype html><meta charset=utf-8><title>Halles</title><p>Nous revenons tout de suite. We will be right back."
      status_code  = "503"
    }
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_route53_record" "shop" {
  zone_id = var.zone_id
  name    = var.domain
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}
