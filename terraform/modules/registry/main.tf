# One repository for each program. A tag never gets another image, so what was tested is what runs, and what ran can be had
# back.

resource "aws_ecr_repository" "this" {
  for_each = var.programs

  name                 = "${var.prefix}/${each.value}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = !var.protected

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.key_arn
  }
}

# Ten deployments a day: two weeks of them, and nothing that lost its tag.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Forget what has no tag"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 1 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Keep the newest 150"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 150 }
        action       = { type = "expire" }
      },
    ]
  })
}
