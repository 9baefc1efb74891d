import { ApiError } from '../../lib/errors.ts';

const hints: Readonly<Record<number, string>> = {
  10000: 'the token needs Workers Routes for this zone: a token that is restricted to zones has to include it',
  10020: 'another Worker has this pattern: take it away there first',
  10021: 'the metadata or the code is not accepted: look at what the message says of the script',
  10063: 'the account has no workers.dev subdomain yet: choose one in the dashboard (Workers & Pages), or leave workers_dev out',
  10215: 'the newest version of the Worker is not deployed: deploy it first, then apply again',
  100116: 'the hostname belongs to another Worker: take it away there first',
  100117: 'the hostname has a DNS record already: remove that record first, it is not overwritten',
};

/** The answer of a request about Workers; its refusal with what to do, where the code tells. */
export async function explained<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const hint = hints[error.facts.request?.code ?? 0];
    if (hint === undefined) throw error;
    throw new ApiError(error.message, { ...error.facts, hint, cause: error });
  }
}
