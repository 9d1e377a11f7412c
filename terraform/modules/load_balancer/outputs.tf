output "arn" {
  description = "The balancer."
  value       = aws_lb.this.arn
}

output "arn_suffix" {
  description = "What metrics and scaling policies call it."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "Its own name."
  value       = aws_lb.this.dns_name
}

output "listener_arn" {
  description = "Where services hang their rules."
  value       = aws_lb_listener.https.arn
}

output "security_group_id" {
  description = "What it is, to those who let it in."
  value       = aws_security_group.this.id
}

output "tls" {
  description = "How strangers are spoken to: the policy of port 443, and what port 80 does."
  value = {
    policy     = aws_lb_listener.https.ssl_policy
    plain_http = aws_lb_listener.http.default_action[0].type
  }
}
