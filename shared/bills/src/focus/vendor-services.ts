import { type Sku, skus } from "../plan/sku.ts";

/** Two vendors that bill in FOCUS 1.2: a model API in USD and an observability service in EUR. `family` is the FOCUS service subcategory, `operation` its category. */
export const vendorSkus: readonly Sku[] = skus([
  ["Quillmind Inference", "quill-large input tokens", "AI and Machine Learning", "1000000 Tokens", "3.00", "Generative AI", "model/quill-large", "consumer", 9, 6, { accounts: ["assistant", "research"] }],
  ["Quillmind Inference", "quill-large cached input tokens", "AI and Machine Learning", "1000000 Tokens", "0.30", "Generative AI", "model/quill-large", "consumer", 1.5, 3, { accounts: ["assistant", "research"] }],
  ["Quillmind Inference", "quill-large output tokens", "AI and Machine Learning", "1000000 Tokens", "15.00", "Generative AI", "model/quill-large", "consumer", 11, 6, { accounts: ["assistant", "research"] }],
  ["Quillmind Inference", "quill-small input tokens", "AI and Machine Learning", "1000000 Tokens", "0.25", "Generative AI", "model/quill-small", "consumer", 1.5, 4, { accounts: ["assistant", "research"] }],
  ["Quillmind Inference", "quill-small output tokens", "AI and Machine Learning", "1000000 Tokens", "1.25", "Generative AI", "model/quill-small", "consumer", 2, 4, { accounts: ["assistant", "research"] }],
  ["Quillmind Tools", "web search requests", "AI and Machine Learning", "1000 Requests", "10.00", "Bots", "tool/web-search", "consumer", 0.6, 2, { accounts: ["assistant", "research"] }],
  ["Sightline Infrastructure", "host hours", "Management and Governance", "Hours", "0.021", "Observability", "site/eu1/infrastructure/{name}", "always", 5, 8, { accounts: ["harborline-eu"] }],
  ["Sightline Logs", "log ingestion", "Management and Governance", "GB", "0.10", "Observability", "site/eu1/logs/{name}", "business", 2.5, 6, { accounts: ["harborline-eu"] }],
  ["Sightline Logs", "indexed log events", "Management and Governance", "1000000 Events", "1.70", "Observability", "site/eu1/logs/{name}", "business", 2.5, 4, { accounts: ["harborline-eu"] }],
  ["Sightline APM", "traced hosts", "Management and Governance", "Hours", "0.043", "Observability", "site/eu1/apm/{name}", "always", 2, 4, { accounts: ["harborline-eu"] }],
]);
