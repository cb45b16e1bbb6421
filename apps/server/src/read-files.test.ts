import { expect, it } from "vitest";
import { readS3Settings } from "./read-files.ts";

it("keeps files in the data folder unless a bucket is named", () => {
  expect([readS3Settings({}), readS3Settings({ FINOPS_S3_BUCKET: "", FINOPS_S3_REGION: "eu-central-1" })]).toEqual([
    null,
    null,
  ]);
});

it("takes a bucket of AWS with the keys that the SDK finds", () => {
  expect(readS3Settings({ FINOPS_S3_BUCKET: "bills", FINOPS_S3_REGION: "eu-central-1" })).toEqual({
    bucket: "bills",
    region: "eu-central-1",
    isPathStyle: false,
  });
});

it("takes a store of one's own, its key and how it encrypts", () => {
  const settings = readS3Settings({
    FINOPS_S3_BUCKET: "bills",
    FINOPS_S3_ENDPOINT: "http://minio.internal:9000",
    FINOPS_S3_PATH_STYLE: "1",
    FINOPS_S3_ACCESS_KEY_ID: "key",
    FINOPS_S3_SECRET_ACCESS_KEY: "secret",
    FINOPS_S3_ENCRYPTION: "aws:kms",
    FINOPS_S3_KMS_KEY_ID: "key-1",
    FINOPS_S3_SILENT_SECONDS: "20",
  });
  expect(settings).toEqual({
    bucket: "bills",
    region: "auto",
    endpoint: "http://minio.internal:9000",
    isPathStyle: true,
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    encryption: { by: "aws:kms", keyId: "key-1" },
    silentMaxMs: 20_000,
  });
});

it.each([
  [{ FINOPS_S3_ENDPOINT: "minio:9000" }, "FINOPS_S3_ENDPOINT"],
  [{ FINOPS_S3_ENDPOINT: "https://key:secret@minio" }, "FINOPS_S3_ENDPOINT"],
  [{ FINOPS_S3_PATH_STYLE: "yes" }, "FINOPS_S3_PATH_STYLE"],
  [{ FINOPS_S3_ACCESS_KEY_ID: "key" }, "FINOPS_S3_SECRET_ACCESS_KEY"],
  [{ FINOPS_S3_ENCRYPTION: "kms" }, "FINOPS_S3_ENCRYPTION"],
  [{ FINOPS_S3_KMS_KEY_ID: "key-1" }, "FINOPS_S3_KMS_KEY_ID"],
  [{ FINOPS_S3_SILENT_SECONDS: "0" }, "FINOPS_S3_SILENT_SECONDS"],
])("refuses %j and names the setting", (env, setting) => {
  expect(() => readS3Settings({ FINOPS_S3_BUCKET: "bills", ...env })).toThrow(setting);
});
