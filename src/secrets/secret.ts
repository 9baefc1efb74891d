import { inspect } from 'node:util';

const values = new WeakMap<Secret, string>();

/**
 * A secret value that cannot be shown by accident: string templates, JSON, `Object.keys` and
 * inspection give only `(secret)` and where it comes from. The value leaves only through `reveal()`,
 * which an architecture test allows in `kinds/`, `cloudflare/client.ts` and the sinks alone.
 */
export class Secret {
  /** Where the value comes from: `env:NAME`, `file:PATH`, `cmd:…`, `-`, `cloudflare` (held there), `created`. */
  readonly source: string;
  /** Its value may have several lines, because it travels in no HTTP header. */
  readonly multiline: boolean;

  private constructor(source: string, multiline = false) {
    this.source = source;
    this.multiline = multiline;
  }

  static of(source: string, value: string): Secret {
    const secret = new Secret(source);
    values.set(secret, value);
    return secret;
  }

  /** A reference whose value has not been read yet, as in `validate` and in a saved plan. */
  static unread(source: string, { multiline = false }: { readonly multiline?: boolean } = {}): Secret {
    return new Secret(source, multiline);
  }

  /** A secret that Cloudflare holds and never gives back. */
  static readonly held = new Secret('cloudflare');

  get known(): boolean {
    return values.has(this);
  }

  reveal(): string {
    const value = values.get(this);
    if (value === undefined) throw new Error(`the secret from ${this.source} has no value here`);
    return value;
  }

  toString(): string {
    return '(secret)';
  }

  toJSON(): string {
    return '(secret)';
  }

  [inspect.custom](): string {
    return `Secret(${this.source})`;
  }
}
