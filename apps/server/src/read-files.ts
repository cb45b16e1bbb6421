import { join } from "node:path";
import { AppError } from "@finops/kernel/app-error";
import type { DataFolder } from "@finops/platform/data-folder";
import type { FileStore } from "@finops/platform/files/file-store";
import { createFolderStore } from "@finops/platform/files/folder-store";
import type { S3Settings } from "@finops/platform/files/s3-bucket";

/**
 * Where files are kept: in the bucket of `FINOPS_S3_BUCKET`, or without it in the data folder. The bucket is asked once, so that
 * a wrong setting is told at the start. @throws invalid for a setting that cannot be, upstream for a bucket that does not answer
 */
export async function readFiles(env: NodeJS.ProcessEnv, folder: DataFolder): Promise<FileStore> {
  const settings = readS3Settings(env);
  if (settings === null) return createFolderStore({ root: folder.filesDir, draftsDir: join(folder.tmpDir, "drafts") });
  // Only who has a bucket loads the SDK.
  const { createS3Store } = await import("@finops/platform/files/s3-store");
  const store = createS3Store(settings);
  await store.listNames("tenants");
  return store;
}

/** The bucket of `FINOPS_S3_BUCKET` with what else is set of it; null without it. @throws invalid */
export function readS3Settings(env: NodeJS.ProcessEnv): S3Settings | null {
  const value = (name: string) => env[`FINOPS_S3_${name}`] ?? "";
  const bucket = value("BUCKET");
  if (bucket === "") return null;
  const endpoint = value("ENDPOINT");
  if (endpoint !== "" && !/^https?:\/\/[^/?#@]+\/?$/.test(endpoint))
    throw new AppError("invalid", "FINOPS_S3_ENDPOINT takes an address such as https://s3.example.com.");
  const style = value("PATH_STYLE");
  if (!["", "0", "1"].includes(style))
    throw new AppError("invalid", `FINOPS_S3_PATH_STYLE takes 0 or 1, not "${style}".`);
  const [accessKeyId, secretAccessKey] = [value("ACCESS_KEY_ID"), value("SECRET_ACCESS_KEY")];
  if ((accessKeyId === "") !== (secretAccessKey === ""))
    throw new AppError("invalid", "FINOPS_S3_ACCESS_KEY_ID and FINOPS_S3_SECRET_ACCESS_KEY are set together.");
  return {
    bucket,
    // R2 and MinIO take any; "auto" is what R2 calls it.
    region: value("REGION") || (endpoint === "" ? "us-east-1" : "auto"),
    isPathStyle: style === "1",
    ...(endpoint === "" ? {} : { endpoint }),
    ...(accessKeyId === "" ? {} : { credentials: { accessKeyId, secretAccessKey } }),
    ...readEncryption(value("ENCRYPTION"), value("KMS_KEY_ID")),
    ...readSilence(value("SILENT_SECONDS")),
  };
}

function readSilence(text: string): Pick<S3Settings, "silentMaxMs"> {
  if (text === "") return {};
  if (!/^[1-9]\d{0,2}$/.test(text))
    throw new AppError("invalid", `FINOPS_S3_SILENT_SECONDS takes a whole number from 1 to 999, not "${text}".`);
  return { silentMaxMs: Number(text) * 1000 };
}

function readEncryption(word: string, keyId: string): Pick<S3Settings, "encryption"> {
  if (!["", "AES256", "aws:kms"].includes(word))
    throw new AppError("invalid", `FINOPS_S3_ENCRYPTION takes AES256 or aws:kms, not "${word}".`);
  if (keyId !== "" && word !== "aws:kms")
    throw new AppError("invalid", "FINOPS_S3_KMS_KEY_ID goes with FINOPS_S3_ENCRYPTION=aws:kms.");
  if (word === "AES256") return { encryption: { by: "AES256" } };
  return word === "" ? {} : { encryption: { by: "aws:kms", ...(keyId === "" ? {} : { keyId }) } };
}
