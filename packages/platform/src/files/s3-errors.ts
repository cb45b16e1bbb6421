import { AppError } from "@finops/kernel/app-error";

/** What an S3-compatible store answered, or what kept it from answering, as a sentence that says what to do. */
export function toStoreError(error: unknown, place: string): AppError {
  if (error instanceof AppError) return error;
  const told = (sentence: string) =>
    new AppError("upstream", sentence, {
      cause: error,
      internal: `${place}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    });
  if (isS3Error(error, "NoSuchBucket"))
    return told("The file store has no such bucket. Whoever runs the platform must make it, or set FINOPS_S3_BUCKET.");
  if (isS3Error(error, "CredentialsProviderError"))
    return told(
      "There is no key for the file store. Whoever runs the platform must set FINOPS_S3_ACCESS_KEY_ID and FINOPS_S3_SECRET_ACCESS_KEY, or give the machine a role.",
    );
  if (isS3Error(error, ...unknownKey))
    return told(
      "The file store does not know our key. Whoever runs the platform must look at FINOPS_S3_ACCESS_KEY_ID.",
    );
  if (statusOf(error) === 403)
    return told(
      "The file store refuses our key. It needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket and s3:AbortMultipartUpload for the bucket.",
    );
  if (isS3Error(error, ...slowDown) || statusOf(error) === 503)
    return told("The file store asks us to slow down. Try again in a minute.");
  if (isS3Error(error, "AbortError"))
    return told(
      "The file store does not answer. Try again in a minute; if it stays so, whoever runs the platform must look at it.",
    );
  if (statusOf(error) === undefined)
    return told(
      "The file store cannot be reached. Try again in a minute; if it stays so, whoever runs the platform must look at FINOPS_S3_ENDPOINT.",
    );
  return told("The file store answered with an error. Try again in a minute.");
}

export function isS3Error(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** The HTTP status of an answer; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

const unknownKey = ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"];
const slowDown = ["SlowDown", "ThrottlingException", "TooManyRequests", "ServiceUnavailable"];
