import { type Sku, skus } from "../plan/sku.ts";

export const gcpServiceIds: Record<string, string> = {
  "Compute Engine": "6F81-5844-456A",
  "Cloud Storage": "95FF-2EF5-5EA1",
  BigQuery: "24E6-581D-38E5",
  "Cloud SQL": "9662-B51E-5089",
  "Kubernetes Engine": "CCD8-9BF1-090E",
  "Cloud Run": "152E-C115-5142",
  "Cloud Pub/Sub": "A1E8-BE35-7EBC",
  "Cloud Logging": "5490-F7B7-8DF6",
  "Cloud Monitoring": "58CD-E7C3-72CA",
  "Vertex AI": "C7E2-9256-1C43",
  Networking: "E505-1604-58F8",
  "Cloud Dataflow": "57D6-61D9-8B0C",
  "Cloud Memorystore for Redis": "5AF5-2C11-D467",
  "Cloud Key Management Service (KMS)": "EE2F-D110-890C",
  "Artifact Registry": "149C-F9EC-3994",
  "Maps API": "BDA3-38DD-B98E",
  "Cloud Spanner": "CC63-0873-48FD",
  Invoice: "F3A1-7B02-0CE4",
};

const machine = "//compute.googleapis.com/projects/{account}/zones/{zone}/instances/{name}";
const cores = (units: readonly number[], price: string) =>
  units.map((vcpu) => ({ name: String(vcpu), unitsPerHour: vcpu, price, vcpu, memoryGiB: vcpu * 4 }));

/** `operation` is the machine series, written to system_labels. */
export const gcpSkus: readonly Sku[] = skus([
  ["Compute Engine", "N2 Instance Core running in Americas", "n2-standard", "hour", "0.031611", "Compute", machine, "always", 11, 11, { sizes: cores([2, 4, 8, 16, 32, 64], "0.031611"), twin: { name: "N2 Instance Ram running in Americas", price: "0.004237", unit: "gibibyte hour", ratio: 4 } }],
  ["Compute Engine", "E2 Instance Core running in Americas", "e2-standard", "hour", "0.02181159", "Compute", machine, "autoscale", 5, 7, { sizes: cores([2, 4, 8, 16, 32], "0.02181159"), twin: { name: "E2 Instance Ram running in Americas", price: "0.00292353", unit: "gibibyte hour", ratio: 4 } }],
  ["Compute Engine", "N1 Predefined Instance Core running in Americas", "n1-standard", "hour", "0.031611", "Compute", machine, "always", 2, 3, { sizes: cores([2, 4, 8, 16], "0.031611"), twin: { name: "N1 Predefined Instance Ram running in Americas", price: "0.004237", unit: "gibibyte hour", ratio: 4 } }],
  ["Compute Engine", "Spot Preemptible E2 Instance Core running in Americas", "e2-standard", "hour", "0.00698", "Compute", machine, "batch", 0.8, 2, { dynamic: true }],
  ["Compute Engine", "Storage PD Capacity", "", "gibibyte month", "0.04", "Storage", "//compute.googleapis.com/projects/{account}/zones/{zone}/disks/{name}", "stored", 1.2, 5],
  ["Compute Engine", "SSD backed PD Capacity", "", "gibibyte month", "0.17", "Storage", "//compute.googleapis.com/projects/{account}/zones/{zone}/disks/{name}", "stored", 2.4, 5],
  ["Compute Engine", "Static Ip Charge", "", "hour", "0.01", "Network", "//compute.googleapis.com/projects/{account}/regions/{region}/addresses/{name}", "always", 0, 0, { plantedOnly: true }],
  ["Compute Engine", "Network Internet Egress from Americas to Americas", "", "gibibyte", "0.085", "Network", machine, "consumer", 2, 3],
  ["Cloud Storage", "Standard Storage US Multi-region", "", "gibibyte month", "0.026", "Storage", "//storage.googleapis.com/projects/_/buckets/{account}-{name}", "stored", 5, 5],
  ["Cloud Storage", "Multi-Region Standard Class A Operations", "", "count", "0.00001", "Storage", "//storage.googleapis.com/projects/_/buckets/{account}-{name}", "consumer", 0.7, 3],
  ["BigQuery", "Analysis", "", "tebibyte", "6.25", "BigQuery", "", "business", 9, 4],
  ["BigQuery", "Active Logical Storage (US)", "", "gibibyte month", "0.02", "BigQuery", "//bigquery.googleapis.com/projects/{account}/datasets/{under}", "stored", 2.4, 4],
  ["BigQuery", "BigQuery Enterprise Edition for US (multi-region)", "", "hour", "0.06", "BigQuery", "//bigqueryreservation.googleapis.com/projects/{account}/locations/us/reservations/{name}", "business", 5, 2],
  ["Cloud SQL", "Cloud SQL for PostgreSQL: Zonal - vCPU in Americas", "", "hour", "0.0413", "ApplicationServices", "//cloudsql.googleapis.com/projects/{account}/instances/{name}", "always", 5, 5, { sizes: cores([2, 4, 8, 16, 32, 64], "0.0413") }],
  ["Cloud SQL", "Cloud SQL for PostgreSQL: Zonal - Standard storage in Americas", "", "gibibyte month", "0.17", "Storage", "//cloudsql.googleapis.com/projects/{account}/instances/{name}", "stored", 1, 2],
  ["Kubernetes Engine", "Regional Kubernetes Clusters", "", "hour", "0.10", "Compute", "//container.googleapis.com/projects/{account}/locations/{region}/clusters/{name}", "always", 0.5, 2, { sizes: cores([1], "0.10") }],
  ["Cloud Run", "CPU Allocation Time", "", "second", "0.000024", "Compute", "//run.googleapis.com/projects/{account}/locations/{region}/services/{name}", "consumer", 2, 4],
  ["Cloud Run", "Requests", "", "count", "0.0000004", "Compute", "//run.googleapis.com/projects/{account}/locations/{region}/services/{name}", "consumer", 0.3, 2],
  ["Cloud Pub/Sub", "Message Delivery Basic", "", "tebibyte", "40", "ApplicationServices", "//pubsub.googleapis.com/projects/{account}/topics/{name}", "consumer", 1, 3],
  ["Cloud Logging", "Log Storage cost", "", "gibibyte", "0.50", "ApplicationServices", "", "consumer", 1.8, 3],
  ["Cloud Monitoring", "Metric Volume", "", "mebibyte", "0.258", "ApplicationServices", "", "business", 0.6, 2],
  ["Vertex AI", "Online/Batch Prediction N1 Predefined Instance Core for AutoML", "", "hour", "0.0364", "AI", "//aiplatform.googleapis.com/projects/{account}/locations/{region}/endpoints/{digits}", "always", 3, 3, { accounts: ["ml", "maps"] }],
  ["Vertex AI", "Gemini 2.5 Flash Input Text - Predictions", "", "count", "0.0000003", "AI", "", "consumer", 2, 2, { accounts: ["ml", "mobile"] }],
  ["Networking", "Cloud NAT Data Processing", "", "gibibyte", "0.045", "Network", "//compute.googleapis.com/projects/{account}/regions/{region}/routers/{name}", "consumer", 0.9, 2],
  ["Networking", "Cloud Load Balancer Forwarding Rule Minimum Global", "", "hour", "0.025", "Network", "//compute.googleapis.com/projects/{account}/global/forwardingRules/{name}", "always", 0.3, 2],
  ["Cloud Dataflow", "vCPU Time Batch us-central1", "", "hour", "0.056", "ApplicationServices", "//dataflow.googleapis.com/projects/{account}/locations/{region}/jobs/{digits}", "batch", 2.4, 3, { accounts: ["data", "ads"] }],
  ["Cloud Memorystore for Redis", "Redis Capacity Standard M2 Iowa", "", "gibibyte hour", "0.035", "ApplicationServices", "//redis.googleapis.com/projects/{account}/locations/{region}/instances/{name}", "always", 1.1, 2],
  ["Cloud Key Management Service (KMS)", "Active software symmetric key versions", "", "month", "0.06", "ApplicationServices", "", "stored", 0.1, 1],
  ["Artifact Registry", "Artifact Registry Storage", "", "gibibyte month", "0.10", "Storage", "//artifactregistry.googleapis.com/projects/{account}/locations/us/repositories/{name}", "stored", 0.2, 1],
  ["Maps API", "Routes: Compute Routes", "", "count", "0.005", "ApplicationServices", "", "consumer", 6, 2, { accounts: ["maps"] }],
  ["Cloud Spanner", "Server Node in us-central1", "", "hour", "0.90", "ApplicationServices", "//spanner.googleapis.com/projects/{account}/instances/{name}", "always", 0, 0, { plantedOnly: true }],
]);

export const gcpRegions = [
  { code: "us-central1", zone: "us-central1-a", weight: 7 },
  { code: "us-east1", zone: "us-east1-c", weight: 3 },
] as const;
