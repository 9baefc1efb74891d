import type { Env, Kv } from './env.ts';
import { readSettings, SettingsError, type Settings } from './settings.ts';
import { DecryptionError, keyId, seal, unseal } from './storage/encryption.ts';
import { StorageError } from './storage/kv.ts';

type State = { readonly status: 'ok' | 'failed'; readonly detail?: string };
type Parts = { readonly requestUrl: string; readonly tokens: Kv; readonly oauth: Kv };

/**
 * `GET /health`: the state of each part. 503 where this server could not do its work; Attio being
 * down makes it only `degraded`, since nothing has to be mended here.
 */
export async function health(env: Env, { requestUrl, tokens, oauth }: Parts): Promise<Response> {
  const settings = settingsOf(env, requestUrl);
  const usable = settings instanceof SettingsError ? undefined : settings;
  const own = {
    settings: settings instanceof SettingsError ? failed(settings.problems.join('; ')) : ok(),
    encryption: await stateOf(() => tryEncryption(usable)),
    token_store: await stateOf(() => tokens.get('health')),
    oauth_kv: await stateOf(() => oauth.get('health')),
  };
  const attio = await stateOf(() => reach(usable));
  const isBroken = Object.values(own).some((state) => state.status === 'failed');
  const whole = attio.status === 'ok' ? 'ok' : 'degraded';
  return Response.json(
    { status: isBroken ? 'failed' : whole, components: { ...own, attio } },
    { status: isBroken ? 503 : 200, headers: { 'Cache-Control': 'no-store' } },
  );
}

const ok = (): State => ({ status: 'ok' });
const failed = (detail: string): State => ({ status: 'failed', detail });

/** Says nothing that a stranger should not read: only messages that were written for it. */
async function stateOf(look: () => Promise<unknown>): Promise<State> {
  try {
    await look();
    return ok();
  } catch (error) {
    const isOurs = error instanceof Unusable || error instanceof StorageError || error instanceof DecryptionError;
    return failed(isOurs ? error.message : 'it failed');
  }
}

class Unusable extends Error {}

async function tryEncryption(settings: Settings | undefined): Promise<void> {
  if (settings === undefined) throw new Unusable('the settings have to be mended first');
  const { keys } = settings;
  if (new Set(await Promise.all(keys.map(keyId))).size < keys.length)
    throw new Unusable('TOKEN_ENCRYPTION_KEY_OLD is the same as TOKEN_ENCRYPTION_KEY');
  await unseal(await seal('health', 'health', keys), 'health', keys);
}

/** Without a token Attio answers 401, which is an answer. */
async function reach(settings: Settings | undefined): Promise<void> {
  if (settings === undefined) throw new Unusable('the settings have to be mended first');
  const url = `${settings.attio.apiUrl}/v2/self`;
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  await response?.body?.cancel();
  if (response === undefined) throw new Unusable('Attio cannot be reached');
  if (response.status >= 500) throw new Unusable(`Attio answers ${response.status}`);
}

function settingsOf(env: Env, requestUrl: string): Settings | SettingsError {
  try {
    return readSettings(env, requestUrl);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
