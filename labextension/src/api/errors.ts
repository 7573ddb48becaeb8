/**
 * What went wrong with a request, in the one shape the front end switches on.
 *
 * `code` is the server's stable code, or one of `LocalCode` where no answer of ours came back.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }

  /** The server could not be reached at all. */
  get offline(): boolean {
    return this.code === LocalCode.offline;
  }

  /** A Jupyter server answered, but without our extension. */
  get absent(): boolean {
    return this.code === LocalCode.absent;
  }
}

/** Codes for what happens before the server extension has a say. */
export const LocalCode = {
  offline: 'offline',
  absent: 'server_extension_absent',
  signedOut: 'signed_out',
  serverError: 'server_error',
  unknown: 'unknown'
} as const;

/** Any thrown value as an `ApiError`, so that a model has one kind to keep. */
export function asApiError(reason: unknown): ApiError {
  if (reason instanceof ApiError) {
    return reason;
  }
  const message = reason instanceof Error ? reason.message : String(reason);
  return new ApiError(LocalCode.unknown, message, 0);
}
