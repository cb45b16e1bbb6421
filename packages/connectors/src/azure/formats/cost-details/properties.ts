/** Tags are a JSON object, or, from the Enterprise Agreement, its inside alone: `"env": "prod","org": "trey"`. */
const tagsObject = "CASE WHEN starts_with(ltrim(tags), '{') THEN tags ELSE '{' || tags || '}' END";

/** Tags that are no JSON either way are kept whole under a key of ours. */
export const readableTags = `CASE WHEN tags IS NULL THEN NULL WHEN json_valid(${tagsObject}) THEN ${tagsObject} ELSE CAST(json_object('x_UnreadableTags', tags) AS VARCHAR) END`;

/** What FOCUS has a name and a meaning for keeps that name; the service type is an instance type on virtual machines alone. */
const key = `CASE WHEN entry.key = 'VCPUs' OR (entry.key = 'vCores' AND NOT map_contains(details_map, 'VCPUs')) THEN 'CoreCount'
  WHEN entry.key = 'ServiceType' AND meter_key = 'virtual machines' THEN 'InstanceType' ELSE 'x_' || entry.key END`;

/** Values of the object must be scalars, so an inner object or list becomes its text. */
const value =
  "CASE WHEN left(CAST(entry.value AS VARCHAR), 1) IN ('{', '[') THEN CAST(to_json(CAST(entry.value AS VARCHAR)) AS VARCHAR) ELSE CAST(entry.value AS VARCHAR) END";

/** Service-specific facts of the charge as properties of its price, with `x_` before every key that is Azure's own. */
export const skuPriceDetails = `CASE WHEN details_map IS NOT NULL THEN
  nullif('{' || array_to_string(list_transform(map_entries(details_map), lambda entry: CAST(to_json(${key}) AS VARCHAR) || ':' || ${value}), ',') || '}', '{}') END`;
