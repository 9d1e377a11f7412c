output "url" {
  description = "What the indexer and the search instances take as HALLES_INDEX__STORE_URL."
  value       = "s3://${aws_s3_bucket.index.id}"
}

output "policies" {
  description = "What readers and the indexer may do, as policies for their roles."
  value = {
    read  = data.aws_iam_policy_document.index_read.json
    write = data.aws_iam_policy_document.index_write.json
  }
}
