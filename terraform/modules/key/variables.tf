variable "prefix" {
  description = "What everything is called first."
  type        = string
}
