variables {
  prefix = "halles-rehearsal"
}

run "the_bucket_is_private_and_never_forgets_by_age" {
  command = plan

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.index.block_public_acls,
      aws_s3_bucket_public_access_block.index.block_public_policy,
      aws_s3_bucket_public_access_block.index.ignore_public_acls,
      aws_s3_bucket_public_access_block.index.restrict_public_buckets,
    ])
    error_message = "index snapshots must not be public"
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_lifecycle_configuration.index.rule : length(rule.expiration) == 0])
    error_message = "an old file may be part of the newest snapshot"
  }

  assert {
    condition     = aws_s3_bucket.index.force_destroy == false
    error_message = "snapshots are kept unless told otherwise"
  }
}

run "search_instances_cannot_write" {
  command = apply

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(output.policies.read).Statement :
      [for action in flatten([statement.Action]) : contains(["s3:GetObject", "s3:ListBucket"], action)]
    ]))
    error_message = "reading is all that a search instance may do"
  }

  assert {
    condition     = startswith(output.url, "s3://halles-rehearsal-index-")
    error_message = "services are given the bucket as a URL"
  }
}

run "names_that_no_bucket_could_have_are_refused" {
  command = plan

  variables {
    prefix = "Halles!"
  }

  expect_failures = [var.prefix]
}
