import { memberOf } from '../../engine/values.ts';

/** A live service token as `service-token list` shows it. Never holds a secret. */
export type TokenRow = {
  readonly name: string;
  readonly id: string;
  readonly client_id: string | null;
  readonly duration: string | null;
  readonly expires_at: string | null;
  readonly last_seen_at: string | null;
  readonly enabled: boolean;
  /** Rises with each rotation; null where Cloudflare does not tell. */
  readonly client_secret_version: number | null;
};

export function tokenRow(live: unknown): TokenRow {
  const text = (field: string): string | null => {
    const value = memberOf(live, field);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const version = memberOf(live, 'client_secret_version');
  return {
    name: text('name') ?? '',
    id: text('id') ?? '',
    client_id: text('client_id'),
    duration: text('duration'),
    expires_at: text('expires_at'),
    last_seen_at: text('last_seen_at'),
    enabled: memberOf(live, 'enabled') !== false,
    client_secret_version: typeof version === 'number' ? version : null,
  };
}
