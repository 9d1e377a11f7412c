# What AWS sees, on one screen, for those who have no Grafana at hand.

data "aws_region" "current" {}

locals {
  graphs = concat(
    [
      { title = "Requests, and what went wrong", metrics = [
        ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.balancer_suffix],
        ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", var.balancer_suffix],
        ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", var.balancer_suffix],
      ], statistic = "Sum" },
      { title = "The balancer: used and reserved capacity", metrics = [
        ["AWS/ApplicationELB", "PeakLCUs", "LoadBalancer", var.balancer_suffix],
        ["AWS/ApplicationELB", "ReservedLCUs", "LoadBalancer", var.balancer_suffix],
      ], statistic = "Maximum" },
    ],
    [for service in var.services : { title = "${service}: tasks, and how busy they are", metrics = [
      ["ECS/ContainerInsights", "RunningTaskCount", "ClusterName", var.cluster_name, "ServiceName", service],
      ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster_name, "ServiceName", service],
      ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster_name, "ServiceName", service],
    ], statistic = "Average" }],
    [for service, suffix in var.target_groups : { title = "${service}: slowest of a hundred answers", metrics = [
      ["AWS/ApplicationELB", "TargetResponseTime", "TargetGroup", suffix, "LoadBalancer", var.balancer_suffix],
    ], statistic = "p99" }],
    [
      { title = "The databases: busy, and behind", metrics = concat(
        [["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.database.primary]],
        [for identifier in var.database.replicas : ["AWS/RDS", "ReplicaLag", "DBInstanceIdentifier", identifier]],
      ), statistic = "Average" },
      { title = "The order log: requests that wait, and for how long", metrics = [
        [var.metrics.namespace, "order_log_depth", var.metrics.dimension, "halles-order-worker"],
        [var.metrics.namespace, "order_log_oldest_age", var.metrics.dimension, "halles-order-worker"],
      ], statistic = "Maximum" },
    ],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.prefix
  dashboard_body = jsonencode({
    widgets = [for index, graph in local.graphs : {
      type   = "metric"
      x      = 12 * (index % 2)
      y      = 6 * floor(index / 2)
      width  = 12
      height = 6
      properties = {
        title   = graph.title
        region  = data.aws_region.current.region
        metrics = graph.metrics
        stat    = graph.statistic
        period  = 60
        view    = "timeSeries"
      }
    }]
  })
}
