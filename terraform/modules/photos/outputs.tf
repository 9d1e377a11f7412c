output "bucket" {
  description = "Where photos are put."
  value       = aws_s3_bucket.this.id
}

output "address" {
  description = "Where photos are fetched from."
  value       = "https://${var.domain}"
}

output "protection" {
  description = "How they are kept safe."
  value = {
    public       = !aws_s3_bucket_public_access_block.this.restrict_public_buckets
    viewers_need = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version
    plain_http   = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy
  }
}
