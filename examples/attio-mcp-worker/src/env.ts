/** What the Worker uses of a Workers KV namespace. */
export type Kv = {
  get(name: string, options?: unknown): Promise<unknown>;
  put(name: string, value: string, options?: { readonly expirationTtl?: number }): Promise<void>;
  delete(name: string): Promise<void>;
  list(options?: unknown): Promise<unknown>;
};

/** The bindings as the runtime gives them. Any of them may be missing until somebody sets it. */
export type Env = {
  /** The Attio tokens, encrypted. */
  readonly TOKEN_STORE?: Kv;
  /** Clients, grants and tokens of this server: the OAuth library's own records, under its own name. */
  readonly OAUTH_KV?: Kv;
  readonly ATTIO_CLIENT_ID?: string;
  readonly ATTIO_CLIENT_SECRET?: string;
  /** Default: https://api.attio.com. */
  readonly ATTIO_API_URL?: string;
  /** Default: https://app.attio.com. Serves `/authorize` and `/oauth/token`. */
  readonly ATTIO_AUTH_URL?: string;
  /** The public URL of this Worker. Default: the one that the request came to. */
  readonly WORKER_URL?: string;
  /** 64 hex digits. */
  readonly TOKEN_ENCRYPTION_KEY?: string;
  /** The key before it: still read, never written with. */
  readonly TOKEN_ENCRYPTION_KEY_OLD?: string;
  /** Redirect URIs beside the usual ones, with commas between them. */
  readonly ALLOWED_REDIRECT_URIS?: string;
};

/** What the runtime gives along with a request. */
export type Context = { waitUntil(work: Promise<unknown>): void };
