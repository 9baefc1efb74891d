/** A message of Cloudflare, as in `errors[]`. */
export type ApiMessage = { readonly code: number | undefined; readonly message: string };

/** How Cloudflare counts a listing. Each number may be missing. */
export type ResultInfo = {
  readonly perPage: number | undefined;
  readonly totalCount: number | undefined;
  readonly totalPages: number | undefined;
};

/** What Cloudflare wraps around every answer. */
export type Envelope = {
  readonly success: boolean;
  readonly result: unknown;
  readonly info: ResultInfo;
  readonly errors: readonly ApiMessage[];
};

export type Fields = { readonly [name: string]: unknown };

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The envelope in a body; undefined when the text is no JSON object, as when it was cut off. */
export function parseEnvelope(text: string): Envelope | undefined {
  try {
    return envelopeOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function envelopeOf(value: unknown): Envelope | undefined {
  if (!isFields(value)) return undefined;
  return {
    success: value['success'] !== false,
    result: value['result'],
    info: infoOf(value['result_info']),
    errors: messagesOf(value['errors']),
  };
}

function infoOf(value: unknown): ResultInfo {
  const info = isFields(value) ? value : {};
  return {
    perPage: countOf(info['per_page']),
    totalCount: countOf(info['total_count']),
    totalPages: countOf(info['total_pages']),
  };
}

const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

/** `error_chain` holds the cause where the first message only says that the headers are wrong. */
function messagesOf(value: unknown): readonly ApiMessage[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isFields).flatMap((each) => [messageOf(each), ...messagesOf(each['error_chain'])]);
}

const messageOf = (fields: Fields): ApiMessage => ({
  code: typeof fields['code'] === 'number' ? fields['code'] : undefined,
  message: typeof fields['message'] === 'string' ? fields['message'] : '',
});
