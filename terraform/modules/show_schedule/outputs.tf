output "schedules" {
  description = "What is done when: name → moment and what is asked of AWS."
  value = {
    for name, schedule in merge(
      { for schedule in aws_scheduler_schedule.hold : schedule.name => schedule },
      { for schedule in aws_scheduler_schedule.reserve : schedule.name => schedule },
    ) : name => { at = schedule.schedule_expression, input = schedule.target[0].input }
  }
}

output "policies" {
  description = "Every policy that is granted here, for the test of least privilege."
  value       = { shows = data.aws_iam_policy_document.this.json }
}
