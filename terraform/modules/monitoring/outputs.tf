output "alarm_names" {
  description = "All alarms."
  value       = sort([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name])
}

output "dashboard" {
  description = "The dashboard."
  value       = aws_cloudwatch_dashboard.this.dashboard_name
}
