import type { Invocation } from '../../cli/command.ts';
import type { OpenApi } from '../../cloudflare/client.ts';
import { addressOf, type Address, type Desired, type Finding, type Peers } from '../../engine/kind.ts';
import { kindNamed } from '../../engine/kind-named.ts';
import { narrow } from '../../engine/narrow.ts';
import { createNames } from '../../engine/names.ts';
import { createReader } from '../../engine/reader.ts';
import { kinds } from '../../kinds/index.ts';
import type { ExitCode } from '../../lib/errors.ts';
import type { LoadedSpec } from '../../load-spec.ts';
import { propose } from '../../pipeline.ts';
import { commandLine, type Edit } from '../../spec/edit.ts';
import type { Intent } from '../../verbs/intent.ts';
import type { Surroundings } from '../../verbs/surroundings.ts';
import { converge, type ConvergeOptions } from './converge.ts';
import { connect, type Given } from './prepare.ts';
import { prepareSave } from './save.ts';
import { withSourceCode } from './source-code.ts';
import { readStoredSecrets, type StoredSecrets } from './stored-secrets.ts';
import { verbDocument, type VerbDocument } from './verb-document.ts';

export type VerbOptions = {
  /** Edits that are known before the account was looked at: a new simulated account gets their zones. */
  readonly foreseen?: readonly Edit[];
  readonly wait?: number | true | undefined;
  readonly secretsOut?: readonly string[];
  readonly save?: boolean;
  readonly resendSecrets?: boolean;
};

type VerbInvocation = Pick<Invocation, 'world' | 'global' | 'output'>;

const defaultWaitSeconds = 120;

/** Enough for a server with all that goes with it; a verb never deletes more than it names. */
const maxDeletes = 100;

/** A verb that is planned; nothing is changed yet. */
export type PlannedVerb = Pick<ConvergeOptions, 'api' | 'spec' | 'proposal' | 'targets' | 'wait' | 'onApplied'> & {
  readonly stored: StoredSecrets;
  readonly edits: readonly Edit[];
};

/** A verb's way: its edits of the document, limited to what it names, then the path of every change. */
export async function runVerb(
  invocation: VerbInvocation,
  intend: (around: Surroundings) => Promise<Intent>,
  options: VerbOptions = {},
): Promise<ExitCode> {
  const planned = await planVerb(invocation, intend, options);
  return converge({ ...planned, invocation, maxDeletes, secretsOut: options.secretsOut ?? [] });
}

/** Reads the document and the account, and plans what a verb wants. Writes nothing. */
export async function planVerb(
  invocation: VerbInvocation,
  intend: (around: Surroundings) => Promise<Intent>,
  options: VerbOptions = {},
): Promise<PlannedVerb> {
  const { world, global, output } = invocation;
  const { secretsOut = [], wait, resendSecrets = false } = options;
  const document = await verbDocument(invocation);
  const api = await openFor(invocation, document, options.foreseen ?? []);
  const intent = await intend(surroundings(document, api));
  const loaded = await document.edited(intent.edits);
  for (const notice of intent.notices ?? []) output.notice(notice);
  const onApplied = options.save === true ? await prepareSave(invocation, document.sources, intent) : undefined;
  const desired = [...narrow(loaded.desired, kinds, intent.named), ...followed(intent, loaded, wait)];
  const findings = loaded.findings.filter((finding) => isAbout(finding, intent)).map((one) => toldHere(one, output.format));
  const spec = await withSourceCode({ desired, sources: loaded.sources, findings }, world);
  const stored = await readStoredSecrets({ world, desired, sinks: secretsOut });
  const proposal = await propose({ api, kinds, spec, narrowed: true, resendSecrets, stored: stored.of });
  const seconds = wait === true ? (global.timeoutSeconds ?? defaultWaitSeconds) : wait;
  const targets = [...namedIn(desired), ...(intent.waitsFor ?? [])];
  return { api, spec, proposal, stored, targets, wait: seconds, onApplied, edits: intent.edits };
}

const namedIn = (desired: readonly Desired[]): readonly Address[] =>
  desired.filter(({ asked }) => asked === true).map(({ kind, key }) => addressOf(kind, key));

/** What is waited for has to be known to the run, also where the document does not have it. */
function followed({ waitsFor = [] }: Intent, { desired }: LoadedSpec, wait: VerbOptions['wait']): readonly Desired[] {
  if (wait === undefined) return [];
  const known = new Set(desired.map(({ kind, key }) => addressOf(kind, key)));
  return waitsFor
    .filter((address) => !known.has(address))
    .map((address) => {
      const [kind = '', key = ''] = address.split(/:(.*)/);
      const flags = { absent: false, protect: false, sinks: [], onlyIfMissing: true } as const;
      return { kind, key, state: {}, place: undefined, ...flags };
    });
}

const isAbout = ({ place, code }: Finding, { about, hushed = [] }: Intent): boolean =>
  !hushed.includes(code) &&
  about.some(
    (path) => place?.path === path || place?.path.startsWith(`${path}.`) === true || place?.path.startsWith(`${path}[`) === true,
  );

/** The values of options stand in no file that anybody could open, and what is missing is an option. */
function toldHere(finding: Finding, format: string): Finding {
  if (finding.place?.file !== commandLine) return finding;
  const hint = finding.code === 'MCP001' ? 'say who gets in: --policy KEY' : finding.hint;
  return { ...finding, hint, place: format === 'json' ? finding.place : undefined };
}

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
