import type { Api } from '../../engine/api.ts';
import type { Peers } from '../../engine/kind.ts';
import { isNothing, type Plain } from '../../engine/values.ts';
import { Secret } from '../../secrets/secret.ts';
import { withoutUndefined } from '../document/section.ts';
import { bindingsFrom, isOwn, isSecret, laidOver, type Binding } from './bindings.ts';
import { isSourceFile, type Code } from './source-file.ts';
import { explained } from './worker-errors.ts';
import { bindingsIn, tagsOf, tagsWith, type Worker, type WorkerState } from './worker-state.ts';

export const scriptsPath = (api: Api): string => api.path('workers', 'scripts');
export const scriptPath = (api: Api, id: string, ...more: readonly string[]): string =>
  api.path('workers', 'scripts', id, ...more);

/** A change of a script: `live` is undefined where it is new. */
export type ScriptWrite = {
  readonly api: Api;
  readonly id: string;
  readonly key: string;
  readonly live: Worker | undefined;
  readonly state: WorkerState;
  readonly changed: readonly string[];
  readonly peers: Peers;
};

/**
 * Code, settings and secrets, in as few requests as can be: code goes up with all settings, settings
 * alone are patched, and secrets alone have an endpoint of their own. Each request makes a version.
 */
export async function writeScript(write: ScriptWrite): Promise<void> {
  const { api, id, live, state, changed } = write;
  const secrets = secretBindings(state, changed);
  if (live === undefined || changed.includes('main')) await upload(write, secrets);
  else if (changed.some(isSetting) || clashes(live, secrets)) await patchSettings(write, live, secrets);
  else for (const secret of secrets) await explained(api.put(scriptPath(api, id, 'secrets'), secret));
  const gone = changed.filter((path) => state[asSecret(path)] === null).map((path) => path.slice('secrets.'.length));
  for (const name of gone) if (live !== undefined) await explained(api.remove(scriptPath(api, id, 'secrets', name)));
}

const isSetting = (path: string): boolean => /^(compatibility_|vars|kv|rate_limits|services|observability)/.test(path);

const asSecret = (path: string): `secrets.${string}` => `secrets.${path.replace(/^secrets\./, '')}`;

/** The secrets that differ, as far as that can be known: new ones, or all with `--resend-secrets`. */
const secretBindings = (state: WorkerState, changed: readonly string[]): readonly Binding[] =>
  changed.flatMap((path) => {
    const secret = path.startsWith('secrets.') ? state[asSecret(path)] : undefined;
    if (!(secret instanceof Secret) || secret === Secret.held) return [];
    return [{ type: 'secret_text', name: path.slice('secrets.'.length), text: secret.reveal() }];
  });

/** The endpoint for secrets refuses a name that another kind of binding has. */
const clashes = (live: Worker, secrets: readonly Binding[]): boolean =>
  bindingsIn(live).some((binding) => !isSecret(binding) && secrets.some(({ name }) => name === binding.name));

type Bindings = { readonly sent: readonly Binding[]; readonly others: readonly Binding[] };

/** The bindings to send, and those of the live script that the document has no words for. */
function bindingsOf({ live, state, peers }: ScriptWrite, secrets: readonly Binding[]): Bindings {
  const present = live === undefined ? [] : bindingsIn(live);
  const named = new Set(secrets.map(({ name }) => name));
  const own = laidOver(present, bindingsFrom(state, peers.names)).filter(({ name }) => !named.has(name));
  const sent = [...own, ...secrets];
  const taken = new Set(sent.map(({ name }) => name));
  return { sent, others: present.filter((binding) => !isOwn(binding) && !taken.has(binding.name)) };
}

const settingsBody = ({ compatibility_date, compatibility_flags, observability }: WorkerState): Plain =>
  withoutUndefined({ compatibility_date, compatibility_flags: compatibility_flags ?? undefined, observability });

/**
 * What a script that is uploaded anew would lose. Migrations are not among it: they are events, and one
 * that is sent again is refused (Q87).
 */
const keptMembers = ['logpush', 'limits', 'placement', 'tail_consumers', 'usage_model'];
const kept = ({ settings, has_assets }: Worker): Plain => ({
  ...Object.fromEntries(keptMembers.filter((name) => !isNothing(settings?.[name])).map((name) => [name, settings?.[name]])),
  ...(has_assets === true ? { keep_assets: true } : {}),
});

const moduleName = 'worker.js';

/**
 * The multipart upload. The official SDK flattens its metadata (Q81, Q82); a part without a file name is
 * no module (Q83), so every part is a `File`, and the module's part and file have the same name.
 */
async function upload(write: ScriptWrite, secrets: readonly Binding[]): Promise<void> {
  const { api, id, live, state } = write;
  const code = codeOf(write);
  const { sent, others } = bindingsOf(write, secrets);
  const metadata = {
    ...(live === undefined ? {} : kept(live)),
    ...settingsBody(state),
    main_module: moduleName,
    bindings: sent,
    // Secrets and other bindings that are neither sent nor kept are deleted (Q84).
    keep_bindings: [...new Set(['secret_text', 'secret_key', ...others.map(({ type }) => type)])],
    tags: tagsWith(live === undefined ? [] : tagsOf(live), code.hash),
  };
  const form = formOf('metadata', metadata);
  form.append(moduleName, new File([code.text], moduleName, { type: 'application/javascript+module' }));
  await explained(api.put(scriptPath(api, id), form));
}

async function patchSettings(write: ScriptWrite, live: Worker, secrets: readonly Binding[]): Promise<void> {
  const { api, state } = write;
  const { sent, others } = bindingsOf(write, secrets);
  // A binding that is sent as the settings show it, stays: a secret among them without its text.
  const settings = { ...settingsBody(state), bindings: [...sent, ...others] };
  await explained(api.patch(scriptPath(api, live.id, 'settings'), formOf('settings', settings)));
}

function formOf(part: string, content: Plain): FormData {
  const form = new FormData();
  form.append(part, new File([JSON.stringify(content)], `${part}.json`, { type: 'application/json' }));
  return form;
}

/** The code is in what the document wants: a state has only its hash. */
function codeOf({ key, peers }: Pick<ScriptWrite, 'key' | 'peers'>): Code {
  const main = peers.desired('worker').find((desired) => desired.key === key)?.state['main'];
  if (!isSourceFile(main) || main.code === undefined) throw new Error(`the code of worker:${key} was not read`);
  return main.code;
}
