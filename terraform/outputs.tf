output "index_store_url" {
  description = "What the indexer and the search instances take as HALLES_INDEX__STORE_URL."
  value       = "s3://${aws_s3_bucket.index.id}"
}

output "index_bucket_arn" {
  description = "The bucket of index snapshots."
  value       = aws_s3_bucket.index.arn
}

output "index_read_policy_arn" {
  description = "To attach to the role of the search instances."
  value       = aws_iam_policy.index_read.arn
}

output "index_write_policy_arn" {
  description = "To attach to the role of the indexer."
  value       = aws_iam_policy.index_write.arn
}
