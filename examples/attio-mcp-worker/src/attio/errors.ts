/** Attio said no, or nothing that can be understood. The message is fit to be shown. */
export class AttioError extends Error {
  /** The HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  constructor(message: string, { status, cause }: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.name = 'AttioError';
    this.status = status;
  }
}
