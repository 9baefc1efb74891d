import type { Api } from './api.ts';
import type { Desired } from './kind.ts';

/** What a kind's listing may depend on. */
export type Reading = {
  readonly api: Api;
  /** Desired resources of the kind that is read. */
  readonly desired: readonly Desired[];
  /** Everything of the kind that the credentials reach, for `export --all` and `--show-unmanaged`. */
  readonly everything: boolean;
};
