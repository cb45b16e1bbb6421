import { type MachineSize, type Sku, doublingSizes, skus } from "../plan/sku.ts";

/** Product name and service code by product code. */
export const awsProducts: Record<string, { name: string; servicecode: string }> = {
  AmazonEC2: { name: "Amazon Elastic Compute Cloud", servicecode: "AmazonEC2" },
  AmazonVPC: { name: "Amazon Virtual Private Cloud", servicecode: "AmazonVPC" },
  AmazonRDS: { name: "Amazon Relational Database Service", servicecode: "AmazonRDS" },
  AmazonS3: { name: "Amazon Simple Storage Service", servicecode: "AmazonS3" },
  AmazonDynamoDB: { name: "Amazon DynamoDB", servicecode: "AmazonDynamoDB" },
  AWSLambda: { name: "AWS Lambda", servicecode: "AWSLambda" },
  AmazonEKS: { name: "Amazon Elastic Container Service for Kubernetes", servicecode: "AmazonEKS" },
  AmazonECS: { name: "Amazon Elastic Container Service", servicecode: "AmazonECS" },
  AmazonECR: { name: "Amazon EC2 Container Registry (ECR)", servicecode: "AmazonECR" },
  AWSELB: { name: "Elastic Load Balancing", servicecode: "AWSELB" },
  AmazonCloudFront: { name: "Amazon CloudFront", servicecode: "AmazonCloudFront" },
  AmazonCloudWatch: { name: "AmazonCloudWatch", servicecode: "AmazonCloudWatch" },
  AmazonElastiCache: { name: "Amazon ElastiCache", servicecode: "AmazonElastiCache" },
  AmazonES: { name: "Amazon OpenSearch Service", servicecode: "AmazonES" },
  AmazonRedshift: { name: "Amazon Redshift", servicecode: "AmazonRedshift" },
  AmazonMSK: { name: "Amazon Managed Streaming for Apache Kafka", servicecode: "AmazonMSK" },
  ElasticMapReduce: { name: "Amazon Elastic MapReduce", servicecode: "ElasticMapReduce" },
  AmazonKinesis: { name: "Amazon Kinesis", servicecode: "AmazonKinesis" },
  AmazonAthena: { name: "Amazon Athena", servicecode: "AmazonAthena" },
  AWSGlue: { name: "AWS Glue", servicecode: "AWSGlue" },
  AmazonSageMaker: { name: "Amazon SageMaker", servicecode: "AmazonSageMaker" },
  AmazonBedrock: { name: "Amazon Bedrock", servicecode: "AmazonBedrock" },
  AWSQueueService: { name: "Amazon Simple Queue Service", servicecode: "AWSQueueService" },
  AmazonSNS: { name: "Amazon Simple Notification Service", servicecode: "AmazonSNS" },
  awskms: { name: "AWS Key Management Service", servicecode: "awskms" },
  AWSSecretsManager: { name: "AWS Secrets Manager", servicecode: "AWSSecretsManager" },
  AmazonRoute53: { name: "Amazon Route 53", servicecode: "AmazonRoute53" },
  AmazonEFS: { name: "Amazon Elastic File System", servicecode: "AmazonEFS" },
  AmazonGuardDuty: { name: "Amazon GuardDuty", servicecode: "AmazonGuardDuty" },
  AWSCloudTrail: { name: "AWS CloudTrail", servicecode: "AWSCloudTrail" },
  awswaf: { name: "AWS WAF", servicecode: "awswaf" },
  AWSBackup: { name: "AWS Backup", servicecode: "AWSBackup" },
  AmazonKendra: { name: "Amazon Kendra", servicecode: "AmazonKendra" },
  AWSSupportBusiness: { name: "AWS Support (Business)", servicecode: "AWSSupportBusiness" },
  ComputeSavingsPlans: { name: "Savings Plans for AWS Compute usage", servicecode: "ComputeSavingsPlans" },
};

const sizeNames = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"];
const ladder = (family: string, price: string, memoryGiB: number, count = 6, suffix = ""): MachineSize[] =>
  doublingSizes(sizeNames.slice(0, count).map((size) => `${family}.${size}${suffix}`), { price, vcpu: 2, memoryGiB });

const instance = "i-{hex17}";
const volume = "vol-{hex17}";
const rdsInstance = "arn:aws:rds:{region}:{account}:db:{name}";
const bucket = "{name}-{account}";
const table = "arn:aws:dynamodb:{region}:{account}:table/{name}";

export const awsSkus: readonly Sku[] = skus([
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "autoscale", 15, 20, { sizes: ladder("m6i", "0.0960", 8) }],
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "always", 8, 11, { sizes: ladder("m7g", "0.0816", 8) }],
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "autoscale", 5, 8, { sizes: ladder("c6i", "0.0850", 4) }],
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "always", 5, 7, { sizes: ladder("r6i", "0.1260", 16) }],
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "office", 1.6, 7, { sizes: ladder("t3", "0.0832", 8, 3), accounts: ["dev", "stage", "tern"] }],
  ["AmazonEC2", "BoxUsage:{size}", "RunInstances", "Hrs", "0", "Compute Instance", instance, "training", 4, 2, { sizes: doublingSizes(["g5.2xlarge", "g5.4xlarge", "g5.8xlarge", "g5.16xlarge"], { price: "1.2120", vcpu: 8, memoryGiB: 32 }), accounts: ["ml", "tern"] }],
  ["AmazonEC2", "SpotUsage:c6i.2xlarge", "RunInstances:SV007", "Hrs", "0.1346", "Compute Instance", "", "batch", 1.6, 3, { dynamic: true }],
  ["AmazonEC2", "EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "GB-Mo", "0.08", "Storage", volume, "stored", 3.2, 14],
  ["AmazonEC2", "EBS:VolumeUsage.gp2", "CreateVolume-Gp2", "GB-Mo", "0.10", "Storage", volume, "stored", 1.4, 6],
  ["AmazonEC2", "EBS:VolumeUsage.io2", "CreateVolume-Io2", "GB-Mo", "0.125", "Storage", volume, "stored", 0.5, 1],
  ["AmazonEC2", "EBS:SnapshotUsage", "CreateSnapshot", "GB-Mo", "0.05", "Storage Snapshot", "arn:aws:ec2:{region}:{account}:snapshot/snap-{hex17}", "stored", 1.2, 5],
  ["AmazonEC2", "NatGateway-Hours", "NatGateway", "Hrs", "0.045", "NAT Gateway", "arn:aws:ec2:{region}:{account}:natgateway/nat-{hex17}", "always", 0.3, 2, { sizes: [{ name: "NatGateway", unitsPerHour: 1, price: "0.045", vcpu: 0, memoryGiB: 0 }] }],
  ["AmazonEC2", "NatGateway-Bytes", "NatGateway", "GB", "0.045", "NAT Gateway", "arn:aws:ec2:{region}:{account}:natgateway/nat-{hex17}", "consumer", 1.6, 2],
  ["AmazonEC2", "DataTransfer-Out-Bytes", "RunInstances", "GB", "0.09", "Data Transfer", instance, "consumer", 2.6, 4],
  ["AmazonEC2", "DataTransfer-Regional-Bytes", "InterZone-In", "GB", "0.01", "Data Transfer", instance, "consumer", 1.5, 4],
  ["AmazonVPC", "PublicIPv4:InUseAddress", "AllocateAddressVPC", "Hrs", "0.005", "VPC Public IPv4 Address", "arn:aws:ec2:{region}:{account}:network-interface/eni-{hex17}", "always", 0.3, 4],
  ["AmazonVPC", "PublicIPv4:IdleAddress", "AllocateAddressVPC", "Hrs", "0.005", "VPC Public IPv4 Address", "arn:aws:ec2:{region}:{account}:elastic-ip/eipalloc-{hex17}", "always", 0, 0, { plantedOnly: true }],
  ["AmazonVPC", "TransitGateway-Bytes", "TransitGatewayVPC", "GB", "0.02", "Transit Gateway", "arn:aws:ec2:{region}:{account}:transit-gateway/tgw-{hex17}", "business", 0.7, 1, { accounts: ["shared", "platform"] }],
  ["AmazonRDS", "InstanceUsage:{size}", "CreateDBInstance:0014", "Hrs", "0", "Database Instance", rdsInstance, "always", 7, 6, { sizes: ladder("db.r6g", "0.2250", 16) }],
  ["AmazonRDS", "InstanceUsage:{size}", "CreateDBInstance:0002", "Hrs", "0", "Database Instance", rdsInstance, "always", 2, 3, { sizes: ladder("db.m6g", "0.1590", 8, 4) }],
  ["AmazonRDS", "Aurora:ServerlessV2Usage", "CreateDBInstance:0021", "ACU-Hr", "0.12", "ServerlessV2", "arn:aws:rds:{region}:{account}:cluster:{name}", "consumer", 2.2, 2],
  ["AmazonRDS", "RDS:GP3-Storage", "CreateDBInstance:0014", "GB-Mo", "0.115", "Database Storage", rdsInstance, "stored", 1.2, 3],
  ["AmazonRDS", "RDS:ChargedBackupUsage", "CreateDBInstance:0014", "GB-Mo", "0.095", "Storage Snapshot", rdsInstance, "stored", 0.4, 2],
  ["AmazonS3", "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.023", "Storage", bucket, "stored", 5.5, 7],
  ["AmazonS3", "TimedStorage-INT-FA-ByteHrs", "IntelligentTieringFAStorage", "GB-Mo", "0.023", "Storage", bucket, "stored", 1.4, 2],
  ["AmazonS3", "TimedStorage-GIR-ByteHrs", "GlacierInstantRetrievalStorage", "GB-Mo", "0.004", "Storage", bucket, "stored", 0.3, 1],
  ["AmazonS3", "Requests-Tier1", "PutObject", "Requests", "0.000005", "API Request", bucket, "consumer", 0.8, 3],
  ["AmazonS3", "Requests-Tier2", "GetObject", "Requests", "0.0000004", "API Request", bucket, "consumer", 0.4, 3],
  ["AmazonDynamoDB", "WriteRequestUnits", "PayPerRequestThroughput", "WriteRequestUnits", "0.000000625", "Amazon DynamoDB PayPerRequest Throughput", table, "consumer", 2, 3],
  ["AmazonDynamoDB", "ReadRequestUnits", "PayPerRequestThroughput", "ReadRequestUnits", "0.000000125", "Amazon DynamoDB PayPerRequest Throughput", table, "consumer", 1, 3],
  ["AmazonDynamoDB", "TimedStorage-ByteHrs", "StandardStorage", "GB-Mo", "0.25", "Database Storage", table, "stored", 0.5, 1],
  ["AWSLambda", "Lambda-GB-Second", "Invoke", "Lambda-GB-Second", "0.0000166667", "Serverless", "arn:aws:lambda:{region}:{account}:function:{name}", "consumer", 2, 4],
  ["AWSLambda", "Request", "Invoke", "Requests", "0.0000002", "Serverless", "arn:aws:lambda:{region}:{account}:function:{name}", "consumer", 0.3, 3],
  ["AmazonEKS", "AmazonEKS-Hours:perCluster", "CreateOperation", "Hours", "0.10", "Compute", "arn:aws:eks:{region}:{account}:cluster/{name}", "always", 0.3, 1, { sizes: [{ name: "perCluster", unitsPerHour: 1, price: "0.10", vcpu: 0, memoryGiB: 0 }] }],
  ["AmazonECS", "Fargate-vCPU-Hours:perCPU", "FargateTask", "hours", "0.04048", "Compute", "arn:aws:ecs:{region}:{account}:task/{name}/{hex32}", "consumer", 2.2, 3],
  ["AmazonECS", "Fargate-GB-Hours", "FargateTask", "hours", "0.004445", "Compute", "arn:aws:ecs:{region}:{account}:task/{name}/{hex32}", "consumer", 0.5, 3],
  ["AmazonECR", "TimedStorage-ByteHrs", "EC2ContainerRegistry", "GB-Mo", "0.10", "EC2 Container Registry", "arn:aws:ecr:{region}:{account}:repository/{name}", "stored", 0.2, 1],
  ["AWSELB", "LoadBalancerUsage", "LoadBalancing:Application", "Hrs", "0.0225", "Load Balancer-Application", "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex16}", "always", 0.4, 3, { sizes: [{ name: "alb", unitsPerHour: 1, price: "0.0225", vcpu: 0, memoryGiB: 0 }] }],
  ["AWSELB", "LCUUsage", "LoadBalancing:Application", "LCU-Hrs", "0.008", "Load Balancer-Application", "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex16}", "consumer", 0.9, 3],
  ["AmazonCloudFront", "US-DataTransfer-Out-Bytes", "GET", "GB", "0.085", "Data Transfer", "arn:aws:cloudfront::{account}:distribution/E{capitals13}", "consumer", 2.4, 2, { accounts: ["storefront", "checkout", "tern"] }],
  ["AmazonCloudFront", "US-Requests-Tier2-HTTPS", "GET", "Requests", "0.000001", "Request", "arn:aws:cloudfront::{account}:distribution/E{capitals13}", "consumer", 0.5, 1, { accounts: ["storefront", "checkout", "tern"] }],
  ["AmazonCloudWatch", "DataProcessing-Bytes", "PutLogEvents", "GB", "0.50", "Data Payload", "arn:aws:logs:{region}:{account}:log-group:/aws/{name}", "consumer", 2, 4],
  ["AmazonCloudWatch", "CW:MetricMonitorUsage", "MetricStorage", "Metrics", "0.30", "Metric", "", "stored", 0.8, 3],
  ["AmazonElastiCache", "NodeUsage:{size}", "CreateCacheCluster:0002", "Hrs", "0", "Cache Instance", "arn:aws:elasticache:{region}:{account}:cluster:{name}", "always", 2.4, 3, { sizes: ladder("cache.r6g", "0.2060", 13, 5) }],
  ["AmazonES", "ESInstance:{size}", "ESDomain", "Hrs", "0", "Amazon OpenSearch Service Instance", "arn:aws:es:{region}:{account}:domain/{name}", "always", 2.4, 3, { sizes: ladder("r6g", "0.1670", 16, 5, ".search") }],
  ["AmazonRedshift", "Node:{size}", "RunComputeNode:0001", "Hrs", "0", "Compute Instance", "arn:aws:redshift:{region}:{account}:cluster:{name}", "always", 3, 1, { sizes: [{ name: "ra3.xlplus", unitsPerHour: 1, price: "1.0860", vcpu: 4, memoryGiB: 32 }, { name: "ra3.4xlarge", unitsPerHour: 1, price: "3.2600", vcpu: 12, memoryGiB: 96 }, { name: "ra3.16xlarge", unitsPerHour: 1, price: "13.0400", vcpu: 48, memoryGiB: 384 }], accounts: ["data", "tern"] }],
  ["AmazonMSK", "Kafka.{size}", "RunBroker", "Hrs", "0", "Managed Streaming for Apache Kafka (MSK)", "arn:aws:kafka:{region}:{account}:cluster/{name}/{uuid}", "always", 1.4, 2, { sizes: ladder("m5", "0.2100", 8, 4) }],
  ["ElasticMapReduce", "BoxUsage:m5.4xlarge", "RunJobFlow", "Hrs", "0.192", "Elastic Map Reduce Instance", "arn:aws:elasticmapreduce:{region}:{account}:cluster/j-{capitals13}", "batch", 1.1, 2],
  ["AmazonKinesis", "Storage-ShardHour", "shardHourStorage", "ShardHour", "0.015", "Kinesis Streams", "arn:aws:kinesis:{region}:{account}:stream/{name}", "always", 0.6, 2],
  ["AmazonAthena", "DataScannedInTB", "ExecuteQuery", "Terabytes", "5.00", "Athena Queries", "arn:aws:athena:{region}:{account}:workgroup/{name}", "business", 0.8, 2],
  ["AWSGlue", "ETL-DPU-Hour", "Jobrun", "DPU-Hour", "0.44", "AWS Glue", "arn:aws:glue:{region}:{account}:job/{name}", "batch", 1.2, 2],
  ["AmazonSageMaker", "Host:{size}", "RunInstance", "Hrs", "0", "ML Instance", "arn:aws:sagemaker:{region}:{account}:endpoint/{name}", "always", 2.6, 2, { sizes: doublingSizes(["ml.g5.2xlarge", "ml.g5.4xlarge", "ml.g5.8xlarge"], { price: "1.5150", vcpu: 8, memoryGiB: 32 }), accounts: ["ml", "tern"] }],
  ["AmazonSageMaker", "Train:ml.p3.2xlarge", "CreateTrainingJob", "Hrs", "3.825", "ML Instance", "arn:aws:sagemaker:{region}:{account}:training-job/{name}", "training", 1.6, 2, { accounts: ["ml", "tern"] }],
  ["AmazonBedrock", "ClaudeSonnet-input-tokens", "InvokeModelInference", "1K tokens", "0.003", "Amazon Bedrock", "", "consumer", 1.6, 2, { accounts: ["ml", "search", "tern"] }],
  ["AmazonBedrock", "ClaudeSonnet-output-tokens", "InvokeModelInference", "1K tokens", "0.015", "Amazon Bedrock", "", "consumer", 1.4, 2, { accounts: ["ml", "search", "tern"] }],
  ["AWSQueueService", "Requests-RBP", "SendMessage", "Requests", "0.0000004", "API Request", "arn:aws:sqs:{region}:{account}:{name}", "consumer", 0.3, 2],
  ["AmazonSNS", "DeliveryAttempts-HTTP", "Notification", "Notifications", "0.0000006", "Message Delivery", "arn:aws:sns:{region}:{account}:{name}", "consumer", 0.15, 1],
  ["awskms", "KMS-Requests", "Decrypt", "Requests", "0.000003", "API Request", "arn:aws:kms:{region}:{account}:key/{uuid}", "consumer", 0.25, 2],
  ["AWSSecretsManager", "AWSSecretsManager-Secrets", "GetSecretValue", "Secrets", "0.40", "Secret", "arn:aws:secretsmanager:{region}:{account}:secret:{name}", "stored", 0.12, 2],
  ["AmazonRoute53", "DNS-Queries", "A", "Queries", "0.0000004", "DNS Query", "arn:aws:route53:::hostedzone/Z{capitals13}", "consumer", 0.15, 1],
  ["AmazonEFS", "TimedStorage-ByteHrs", "", "GB-Mo", "0.30", "Storage", "arn:aws:elasticfilesystem:{region}:{account}:file-system/fs-{hex17}", "stored", 0.5, 1],
  ["AmazonGuardDuty", "PaidEventsAnalyzed", "CloudTrailAnalysis", "Events", "0.000004", "Amazon GuardDuty", "", "business", 0.5, 2],
  ["AWSCloudTrail", "PaidEventsRecorded", "None", "Events", "0.00002", "Management Tools - AWS CloudTrail Paid Events Recorded", "", "business", 0.25, 1],
  ["awswaf", "RequestV2-Tier1", "WAFRequest", "Request", "0.0000006", "Web Application Firewall", "arn:aws:wafv2:{region}:{account}:regional/webacl/{name}/{uuid}", "consumer", 0.25, 1],
  ["AWSBackup", "WarmStorage-ByteHrs-EBS", "Storage", "GB-Mo", "0.05", "AWS Backup Storage", "arn:aws:backup:{region}:{account}:recovery-point:{uuid}", "stored", 0.6, 2],
  ["AmazonKendra", "KendraEnterpriseEdition", "Index", "Hours", "1.40", "Amazon Kendra", "arn:aws:kendra:{region}:{account}:index/{uuid}", "always", 0, 0, { plantedOnly: true }],
]);

export interface AwsRegion {
  code: string;
  /** Before regional usage types; us-east-1 has none. */
  prefix: string;
  name: string;
  weight: number;
}

export const awsRegions: readonly AwsRegion[] = [
  { code: "us-east-1", prefix: "", name: "US East (N. Virginia)", weight: 10 },
  { code: "eu-central-1", prefix: "EUC1-", name: "EU (Frankfurt)", weight: 6 },
  { code: "us-west-2", prefix: "USW2-", name: "US West (Oregon)", weight: 3 },
  { code: "eu-west-1", prefix: "EU-", name: "EU (Ireland)", weight: 1.5 },
];

/** Services without a region: their usage types carry no prefix. */
export const globalAwsServices = new Set(["AmazonCloudFront", "AmazonRoute53"]);
