/** Where a request went: straight to a server, or to a portal. */
export type Where = 'origin' | 'endpoint';

/** What has to be so for a row to be the cause; everything that a row says. */
export type When = {
  readonly where?: Where;
  readonly status?: number | readonly number[];
  readonly code?: RegExp;
  readonly location?: RegExp;
  readonly body?: RegExp;
  readonly header?: string;
  readonly kind?: 'HTML' | 'an event stream';
  readonly signedIn?: boolean;
};

/** `{id}` is the server or portal, `{host}` and `{url}` what was asked. */
export type Row = readonly [when: When, cause: string, fix: string];
