import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import type { Desired, Finding, Peers } from '../../engine/kind.ts';
import { kindNamed } from '../../engine/kind-named.ts';
import { narrow } from '../../engine/narrow.ts';
import { createNames } from '../../engine/names.ts';
import { createReader } from '../../engine/reader.ts';
import { kinds } from '../../kinds/index.ts';
import type { ExitCode } from '../../lib/errors.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { propose } from '../../pipeline.ts';
import type { Edit } from '../../spec/edit.ts';
import type { Intent } from '../../verbs/intent.ts';
import type { Surroundings } from '../../verbs/surroundings.ts';
import { converge } from './converge.ts';
import { connect, type Given } from './prepare.ts';
import { prepareSave } from './save.ts';
import { readStoredSecrets } from './stored-secrets.ts';
import { verbDocument, type VerbDocument } from './verb-document.ts';

export type VerbOptions = {
  /** Edits that are known before the account was looked at: a new simulated account gets their zones. */
  readonly foreseen?: readonly Edit[];
  readonly wait?: number | true | undefined;
  readonly secretsOut?: readonly string[];
  readonly save?: boolean;
};

type VerbInvocation = Pick<Invocation, 'world' | 'global' | 'output'>;

const defaultWaitSeconds = 120;

/** Enough for a server with all that goes with it; a verb never deletes more than it names. */
const maxDeletes = 100;

/** A verb's way: its edits of the document, limited to what it names, then the path of every change. */
export async function runVerb(
  invocation: VerbInvocation,
  intend: (around: Surroundings) => Promise<Intent>,
  options: VerbOptions = {},
): Promise<ExitCode> {
  const { world, global, output } = invocation;
  const document = await verbDocument(invocation);
  const api = await openFor(invocation, document, options.foreseen ?? []);
  const intent = await intend(surroundings(document, api));
  for (const notice of intent.notices ?? []) output.notice(notice);
  const save = options.save === true ? await prepareSave(invocation, document.sources, intent.save) : undefined;
  const loaded = await document.edited(intent.edits);
  const desired = narrow(loaded.desired, kinds, intent.named);
  const spec = { desired, sources: loaded.sources, findings: loaded.findings.filter((finding) => isAbout(finding, intent.about)) };
  const stored = await readStoredSecrets({ world, desired, sinks: options.secretsOut ?? [] });
  const proposal = await propose({ api, kinds, spec, stored: stored.of });
  const { secretsOut = [], wait } = options;
  return converge({
    invocation,
    api,
    spec,
    proposal,
    maxDeletes,
    secretsOut,
    stored,
    wait: wait === true ? (global.timeoutSeconds ?? defaultWaitSeconds) : wait,
    onApplied: save,
  });
}

const isAbout = ({ place }: Finding, about: readonly string[]): boolean =>
  about.some((path) => place?.path === path || place?.path.startsWith(`${path}.`) === true || place?.path.startsWith(`${path}[`) === true);

/** Opens the API for a document as it is, and for what a verb brings. */
export async function openFor(given: Given, document: VerbDocument, foreseen: readonly Edit[]): Promise<OpenApi> {
  const spec = await document.edited([]);
  const soon = foreseen.length === 0 ? spec : await document.edited(foreseen).catch((): LoadedSpec => spec);
  return connect(given, { env: given.world.env, spec: { ...spec, desired: soon.desired } });
}

/** What a verb sees: the document, and the account in one listing per kind. */
export function surroundings({ said, keys }: Pick<VerbDocument, 'said' | 'keys'>, api: OpenApi): Surroundings {
  const reader = createReader({ api, kinds, desired: [] });
  const names = createNames({ isDeclared: () => false, existing: reader.existing });
  const peers: Peers = { names, live: names.bound, existing: reader.existing, desired: () => noDesired, stored: () => [] };
  return {
    said,
    keys,
    async live(kind) {
      await reader.ensure([kind]);
      return reader.existing(kind);
    },
    state: ({ kind, live }) => kindNamed(kinds, kind).toState(live, peers),
  };
}

const noDesired: readonly Desired[] = [];
