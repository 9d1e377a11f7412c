# Planned only: what this makes refuses to be destroyed.

variables {
  environment = "staging"
  password    = "0123456789abcdefghijklmnopqrstuvwxyzABCD"

  place = {
    vpc_id                    = "vpc-0123456789abcdef0"
    subnet_ids                = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
    client_security_group_ids = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]
    key_arn                   = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-0000-0000-000000000000"
    topic_arn                 = "arn:aws:sns:eu-west-3:123456789012:halles-staging-alarms"
  }
}

run "what_it_has_answered_survives_a_zone" {
  command = plan

  assert {
    condition     = aws_memorydb_cluster.this.num_replicas_per_shard == 1 && aws_memorydb_cluster.this.num_shards == 1
    error_message = "one log, and a copy of it in another zone"
  }

  assert {
    condition     = aws_memorydb_cluster.this.tls_enabled && aws_memorydb_cluster.this.kms_key_arn == var.place.key_arn
    error_message = "encrypted on the way and at rest"
  }

  assert {
    condition     = contains([for parameter in aws_memorydb_parameter_group.this.parameter : "${parameter.name}=${parameter.value}"], "maxmemory-policy=noeviction")
    error_message = "it refuses rather than forgets"
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.clients) == 2 && alltrue([for rule in aws_vpc_security_group_ingress_rule.clients : rule.cidr_ipv4 == null])
    error_message = "only those who take and place orders reach it"
  }
}

run "without_a_copy_it_is_refused" {
  command = plan

  variables {
    replicas = 0
  }

  expect_failures = [var.replicas]
}

run "a_short_password_is_refused" {
  command = plan

  variables {
    password = "open-sesame"
  }

  expect_failures = [var.password]
}
