# Places for secrets, without the secrets: `terraform/bin/fill_secrets.py` puts them in, so that none is ever in a state, in a
# plan or in a file.

resource "aws_secretsmanager_secret" "this" {
  for_each = var.secrets

  name                    = "${var.prefix}/${each.key}"
  description             = each.value
  kms_key_id              = var.key_arn
  recovery_window_in_days = var.protected ? 30 : 0
}
