# The object store of the search index: the indexer publishes immutable files and then a manifest, search instances fetch
# what they lack. Whoever creates the manifest of a generation first wins, which S3 decides by conditional writes.

data "aws_caller_identity" "current" {}

resource "aws_s3_bucket" "index" {
  # Bucket names are one namespace for the whole world; the account's number keeps ours apart.
  bucket        = "${var.prefix}-index-${data.aws_caller_identity.current.account_id}"
  force_destroy = !var.keep_snapshots
}

resource "aws_s3_bucket_public_access_block" "index" {
  bucket = aws_s3_bucket.index.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "index" {
  bucket = aws_s3_bucket.index.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "index" {
  bucket = aws_s3_bucket.index.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# No file is ever overwritten, so old versions would only be what the indexer has deleted on purpose.
resource "aws_s3_bucket_versioning" "index" {
  bucket = aws_s3_bucket.index.id

  versioning_configuration {
    status = "Disabled"
  }
}

# Age says nothing about a file here: one that nobody has touched for a year may be part of the newest snapshot. So
# nothing expires by age but uploads that were never finished.
resource "aws_s3_bucket_lifecycle_configuration" "index" {
  bucket = aws_s3_bucket.index.id

  rule {
    id     = "abort-unfinished-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

data "aws_iam_policy_document" "index_bucket" {
  statement {
    sid     = "OnlyEncryptedConnections"
    effect  = "Deny"
    actions = ["s3:*"]

    resources = [aws_s3_bucket.index.arn, "${aws_s3_bucket.index.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "index" {
  bucket = aws_s3_bucket.index.id
  policy = data.aws_iam_policy_document.index_bucket.json

  # A policy cannot be put while the public access block is still being put.
  depends_on = [aws_s3_bucket_public_access_block.index]
}
