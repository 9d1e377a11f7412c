# Who may do what with the index snapshots: the indexer writes and tidies, search instances only read.

data "aws_iam_policy_document" "index_read" {
  statement {
    sid       = "FindSnapshots"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.index.arn]
  }

  statement {
    sid       = "FetchSnapshots"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.index.arn}/*"]
  }
}

data "aws_iam_policy_document" "index_write" {
  source_policy_documents = [data.aws_iam_policy_document.index_read.json]

  statement {
    sid       = "PublishAndTidySnapshots"
    actions   = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.index.arn}/*"]
  }
}
