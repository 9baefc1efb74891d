/** The exit codes of the contract. Usage errors never share a code with "changes are pending". */
export const exitCodes = {
  done: 0,
  failed: 1,
  changesPending: 2,
  refused: 3,
  notReady: 4,
  usage: 64,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What an error says beside its message. `code` is a stable word for scripts, `hint` is the next step. */
export type ErrorFacts = {
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly request?: RequestFacts | undefined;
  readonly cause?: unknown;
};

/** The API request that failed, as far as it is known. Never holds a body or a credential. */
export type RequestFacts = {
  readonly method: string;
  readonly path: string;
  readonly status?: number | undefined;
  readonly code?: number | undefined;
  readonly ray?: string | undefined;
};

/** Anything that a user or Cloudflare can cause: shown as a sentence, never as a stack trace. */
export class UserError extends Error {
  readonly exitCode: ExitCode = exitCodes.failed;
  readonly code: string = 'error';
  readonly facts: ErrorFacts;

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = new.target.name;
    this.facts = facts;
    if (facts.code !== undefined) this.code = facts.code;
  }
}

/** A command line that cannot be understood. */
export class UsageError extends UserError {
  override readonly exitCode = exitCodes.usage;
  override readonly code: string = this.facts.code ?? 'usage_error';
}

/** No credentials, or none that Cloudflare accepts. */
export class AuthError extends UserError {
  override readonly code: string = this.facts.code ?? 'auth_error';
}

/** Cloudflare refused or failed a request, or its answer was lost or could not be understood. */
export class ApiError extends UserError {
  override readonly code: string = this.facts.code ?? 'api_error';
}

/** A guard refused: nothing was changed. */
export class UnsafePlanError extends UserError {
  override readonly exitCode = exitCodes.refused;
  override readonly code: string = this.facts.code ?? 'refused';
}

/** The live state or the document moved since the plan was saved. */
export class StalePlanError extends UserError {
  override readonly exitCode = exitCodes.refused;
  override readonly code: string = this.facts.code ?? 'stale_plan';
}

/** Not ready in time, or a person has to act. */
export class NotReadyError extends UserError {
  override readonly exitCode = exitCodes.notReady;
  override readonly code: string = this.facts.code ?? 'not_ready';
}

/** Ctrl-C. */
export class Cancelled extends UserError {
  override readonly exitCode = exitCodes.interrupted;
  override readonly code: string = 'interrupted';
}
