import { type MachineSize, type Sku, doublingSizes, skus } from "../plan/sku.ts";

/** Meter category details that the cost file carries beside the meter. `operation` of a SKU is its meter sub-category. */
export const azureCategories: Record<string, { serviceFamily: string; consumedService: string }> = {
  "Virtual Machines": { serviceFamily: "Compute", consumedService: "Microsoft.Compute" },
  Storage: { serviceFamily: "Storage", consumedService: "Microsoft.Storage" },
  "SQL Database": { serviceFamily: "Databases", consumedService: "Microsoft.Sql" },
  "SQL Managed Instance": { serviceFamily: "Databases", consumedService: "Microsoft.Sql" },
  "Azure App Service": { serviceFamily: "Compute", consumedService: "Microsoft.Web" },
  "Azure Cosmos DB": { serviceFamily: "Databases", consumedService: "Microsoft.DocumentDB" },
  "Azure Kubernetes Service": { serviceFamily: "Compute", consumedService: "Microsoft.ContainerService" },
  Functions: { serviceFamily: "Compute", consumedService: "Microsoft.Web" },
  Bandwidth: { serviceFamily: "Networking", consumedService: "Microsoft.Compute" },
  "Virtual Network": { serviceFamily: "Networking", consumedService: "Microsoft.Network" },
  "Load Balancer": { serviceFamily: "Networking", consumedService: "Microsoft.Network" },
  "Application Gateway": { serviceFamily: "Networking", consumedService: "Microsoft.Network" },
  "Log Analytics": { serviceFamily: "Management and Governance", consumedService: "Microsoft.OperationalInsights" },
  "Azure Monitor": { serviceFamily: "Management and Governance", consumedService: "Microsoft.Insights" },
  "Redis Cache": { serviceFamily: "Databases", consumedService: "Microsoft.Cache" },
  "Key Vault": { serviceFamily: "Security", consumedService: "Microsoft.KeyVault" },
  "Event Hubs": { serviceFamily: "Internet of Things", consumedService: "Microsoft.EventHub" },
  "Azure Databricks": { serviceFamily: "Analytics", consumedService: "Microsoft.Databricks" },
  "Microsoft Defender for Cloud": { serviceFamily: "Security", consumedService: "Microsoft.Security" },
  "Azure OpenAI": { serviceFamily: "AI + Machine Learning", consumedService: "Microsoft.CognitiveServices" },
  Backup: { serviceFamily: "Storage", consumedService: "Microsoft.RecoveryServices" },
  SaaS: { serviceFamily: "SaaS", consumedService: "Microsoft.SaaS" },
  "Azure Support": { serviceFamily: "Support", consumedService: "Microsoft.Support" },
};

const machines = (series: string, suffix: string, price: string, memoryGiB: number): MachineSize[] =>
  doublingSizes([2, 4, 8, 16, 32, 64].map((cores) => `${series}${cores}${suffix}`), { price, vcpu: 2, memoryGiB });

const within = "/subscriptions/{account}/resourceGroups/rg-{group}/providers";
const machine = `${within}/Microsoft.Compute/virtualMachines/{name}`;
const disk = `${within}/Microsoft.Compute/disks/{name}-disk`;
const storage = `${within}/Microsoft.Storage/storageAccounts/{plain}`;
const vault = `${within}/Microsoft.KeyVault/vaults/{name}`;

export const azureSkus: readonly Sku[] = skus([
  ["Virtual Machines", "{size}", "Dsv5 Series", "1 Hour", "0", "Dsv5 Series", machine, "always", 14, 14, { sizes: machines("D", "s v5", "0.0960", 8) }],
  ["Virtual Machines", "{size}", "Esv5 Series", "1 Hour", "0", "Esv5 Series", machine, "always", 9, 8, { sizes: machines("E", "s v5", "0.1260", 16) }],
  ["Virtual Machines", "{size}", "Fsv2 Series", "1 Hour", "0", "Fsv2 Series", machine, "autoscale", 4, 6, { sizes: machines("F", "s v2", "0.0846", 4) }],
  ["Virtual Machines", "{size}", "BS Series", "1 Hour", "0", "BS Series", machine, "office", 1.5, 6, { sizes: doublingSizes(["B2s", "B4ms", "B8ms"], { price: "0.0832", vcpu: 2, memoryGiB: 8 }) }],
  ["Storage", "P10 LRS Disk", "Premium SSD Managed Disks", "1/Month", "19.71", "Managed Disks", disk, "stored", 3, 12],
  ["Storage", "P30 LRS Disk", "Premium SSD Managed Disks", "1/Month", "135.17", "Managed Disks", disk, "stored", 3, 6],
  ["Storage", "Hot LRS Data Stored", "Tiered Block Blob", "1 GB/Month", "0.0208", "Blob", storage, "stored", 5, 6],
  ["Storage", "Hot LRS Write Operations", "Tiered Block Blob", "10K", "0.065", "Blob", storage, "business", 0.6, 4],
  ["Storage", "LRS Data Stored", "Files v2", "1 GB/Month", "0.06", "Files", storage, "stored", 1, 2],
  ["SQL Database", "vCore", "SQL Database Single/Elastic Pool General Purpose - Compute Gen5", "1 Hour", "0.152", "SQL", `${within}/Microsoft.Sql/servers/sql-{group}/databases/{name}`, "always", 9, 5],
  ["SQL Database", "General Purpose Data Stored", "SQL Database Single/Elastic Pool General Purpose - Storage", "1 GB/Month", "0.115", "SQL", `${within}/Microsoft.Sql/servers/sql-{group}/databases/{name}`, "stored", 1.5, 3],
  ["SQL Managed Instance", "vCore", "SQL Managed Instance General Purpose - Compute Gen5", "1 Hour", "0.1767", "SQL", `${within}/Microsoft.Sql/managedInstances/{name}`, "always", 6, 2, { accounts: ["erp", "bi"] }],
  ["Azure App Service", "P1 v3 App", "Premium v3 Plan", "1 Hour", "0.113", "App Service", `${within}/Microsoft.Web/serverFarms/{name}`, "always", 3, 5],
  ["Azure Cosmos DB", "100 RU/s", "Azure Cosmos DB", "1/Hour", "0.008", "Cosmos DB", `${within}/Microsoft.DocumentDB/databaseAccounts/{name}`, "business", 4, 3],
  ["Azure Kubernetes Service", "Standard Uptime SLA", "Azure Kubernetes Service", "1 Hour", "0.10", "AKS", `${within}/Microsoft.ContainerService/managedClusters/{name}`, "always", 0.5, 1],
  ["Functions", "Standard Execution Time", "Functions", "1 GB Second", "0.000016", "Functions", `${within}/Microsoft.Web/sites/{name}`, "business", 0.8, 3],
  ["Bandwidth", "Standard Data Transfer Out", "Rtn Preference: MGN", "1 GB", "0.087", "Bandwidth", machine, "consumer", 2.2, 4],
  ["Virtual Network", "Standard IPv4 Static Public IP", "IP Addresses", "1 Hour", "0.005", "Virtual Network", `${within}/Microsoft.Network/publicIPAddresses/{name}-ip`, "always", 0.3, 3],
  ["Virtual Network", "Intra-Region Ingress", "Peering", "1 GB", "0.01", "Virtual Network", `${within}/Microsoft.Network/virtualNetworks/{name}`, "business", 0.7, 2],
  ["Load Balancer", "Standard Included LB Rules and Outbound Rules", "Standard", "1 Hour", "0.025", "Load Balancer", `${within}/Microsoft.Network/loadBalancers/{name}`, "always", 0.4, 2],
  ["Application Gateway", "Standard Capacity Units", "Application Gateway Standard v2", "1/Hour", "0.008", "Application Gateway", `${within}/Microsoft.Network/applicationGateways/{name}`, "consumer", 0.9, 2],
  ["Log Analytics", "Pay-as-you-go Data Ingestion", "Log Analytics", "1 GB", "2.30", "Log Analytics", `${within}/Microsoft.OperationalInsights/workspaces/{name}`, "business", 4, 3],
  ["Azure Monitor", "Basic Logs Data Ingestion", "Azure Monitor", "1 GB", "0.50", "Azure Monitor", `${within}/Microsoft.Insights/components/{name}`, "business", 0.7, 2],
  ["Redis Cache", "P1 Cache Instance", "Azure Redis Cache Premium", "1 Hour", "0.555", "Redis", `${within}/Microsoft.Cache/Redis/{name}`, "always", 1.6, 2],
  ["Key Vault", "Operations", "Key Vault", "10K", "0.03", "Key Vault", vault, "business", 0.15, 2],
  ["Event Hubs", "Standard Throughput Unit", "Event Hubs", "1 Hour", "0.03", "Event Hubs", `${within}/Microsoft.EventHub/namespaces/{name}`, "always", 0.9, 2],
  ["Azure Databricks", "Premium Jobs Compute DBU", "Azure Databricks", "1 Hour", "0.30", "Databricks", `${within}/Microsoft.Databricks/workspaces/{name}`, "batch", 4.5, 3, { accounts: ["bi", "pos"] }],
  ["Microsoft Defender for Cloud", "Standard Node", "Microsoft Defender for Servers", "1/Month", "14.60", "Defender", machine, "stored", 1, 3],
  ["Azure OpenAI", "gpt 4o Input regional Tokens", "Azure OpenAI", "1K", "0.00275", "OpenAI", `${within}/Microsoft.CognitiveServices/accounts/{name}`, "business", 2.2, 2, { accounts: ["customer", "pos", "bi"] }],
  ["Azure OpenAI", "gpt 4o Output regional Tokens", "Azure OpenAI", "1K", "0.011", "OpenAI", `${within}/Microsoft.CognitiveServices/accounts/{name}`, "business", 1.8, 2, { accounts: ["customer", "pos", "bi"] }],
  ["Backup", "LRS Data Stored", "Backup", "1 GB/Month", "0.0224", "Backup", `${within}/Microsoft.RecoveryServices/vaults/{name}`, "stored", 0.8, 2],
]);

/** Resource location as the file writes it, and the meter's region. */
export interface AzureRegion {
  location: string;
  meterRegion: string;
  display: string;
  weight: number;
}

export const azureRegions: readonly AzureRegion[] = [
  { location: "westeurope", meterRegion: "EU West", display: "EU West", weight: 7 },
  { location: "eastus2", meterRegion: "US East 2", display: "US East 2", weight: 4 },
  { location: "northeurope", meterRegion: "EU North", display: "EU North", weight: 2 },
];
