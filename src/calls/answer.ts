import { AuthError, exitCodes, type UserError } from '../lib/errors.ts';
import type { Call } from './read-call.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The answer to a call, from the document that its command gave. */
export function answerOf({ name, spec, args }: Call, document: Fields): object {
  const { schema_version: _version, ok, error, account, ...rest } = document;
  const result = spec.answer === undefined ? { ...(args[0] === undefined ? {} : { id: args[0] }), ...rest } : rest[spec.answer];
  return {
    schema_version: 1,
    ok: ok === true,
    command: name,
    account_id: account ?? null,
    result,
    ...(Array.isArray(result) ? { count: result.length } : {}),
    ...(isFields(error) ? { error: { ...error, code: 'api_error', reason: error['code'] } } : {}),
  };
}

/** The answer when the call failed: one of three codes, with the program's own as `reason`. */
export function refusalOf(name: string | undefined, error: UserError): object {
  const { hint, request } = error.facts;
  const facts = { ...(hint === undefined ? {} : { hint }), ...(request === undefined ? {} : { request }) };
  return {
    schema_version: 1,
    ok: false,
    command: name ?? null,
    error: { code: codeOf(error), message: error.message, reason: error.code, ...facts },
  };
}

function codeOf(error: UserError): 'auth_error' | 'validation_error' | 'api_error' {
  const status = error.facts.request?.status;
  if (error instanceof AuthError || status === 401 || status === 403) return 'auth_error';
  const isOurs = error.exitCode === exitCodes.usage || error.exitCode === exitCodes.refused;
  return isOurs ? 'validation_error' : 'api_error';
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
