import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { accessInUse, accessInvalid, accessTime, foundIn, listedByName, stamps } from './access.ts';
import { checkMembers, type Members, text } from './check.ts';
import { ok } from './envelope.ts';
import { goDuration } from './go-duration.ts';
import { type JsonObject, pick, said } from './json.ts';
import { conflict, invalid } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { mentionedIn } from './rules.ts';
import { replaced, row, type ServiceTokenRow, without } from './state.ts';

const base = '/accounts/:account/access/service_tokens';
const members: Members = {
  name: { type: 'string' },
  duration: { type: 'string' },
  enabled: { type: 'boolean' },
  client_secret_version: { type: 'number' },
  previous_client_secret_expires_at: { type: 'string' },
};
const kept = ['name', 'duration', 'enabled', 'previous_client_secret_expires_at'];

/** Service tokens. Only creating and rotating show the secret. */
export const serviceTokenRoutes: readonly Route[] = [
  route('POST', base, (call) => create(call)),
  route('GET', base, (call) => listedByName(call, call.state.service_tokens, tokenView)),
  route('GET', `${base}/:id`, (call) => ok(tokenView(found(call)))),
  route('PUT', `${base}/:id`, (call) => update(call)),
  route('DELETE', `${base}/:id`, (call) => remove(call)),
  route('POST', `${base}/:id/rotate`, (call) => rotate(call)),
  route('POST', `${base}/:id/refresh`, (call) => refresh(call)),
];

const create = (call: Call): Answer => {
  const { state, now, body } = call;
  checkMembers(body, { ...members, name: { type: 'string', required: true } }, accessInvalid);
  const settings = { duration: '8760h', ...pick(said(body), kept) };
  const secret = newSecret();
  const token: ServiceTokenRow = {
    ...row(now, randomUUID(), settings),
    client_id: `${randomBytes(16).toString('hex')}.access`,
    expires_at: expiry(now, text(settings.duration)),
    version: 1,
    secret_hash: secretHash(secret),
  };
  state.service_tokens = [...state.service_tokens, token];
  const { expires_at: _, ...shown } = tokenView(token);
  return ok({ ...shown, client_secret: secret }, 201);
};

/** Changes what is sent. A duration, even the same one, counts from now; a higher secret version rotates. */
const update = (call: Call): Answer => {
  const live = found(call);
  checkMembers(call.body, members, accessInvalid);
  const changes = pick(said(call.body), kept);
  const version = Number(call.body['client_secret_version'] ?? live.version);
  const secret = version > live.version ? newSecret() : undefined;
  const next: ServiceTokenRow = {
    ...live,
    body: { ...live.body, ...changes },
    updated_at: call.now.toISOString(),
    expires_at: changes['duration'] === undefined ? live.expires_at : expiry(call.now, text(changes['duration'])),
    version,
    ...(secret === undefined ? {} : secrets(live, secret)),
  };
  keep(call, next);
  return ok({ ...tokenView(next), ...(secret === undefined ? {} : { client_secret: secret }) });
};

/** A new secret for the same client id. Without an overlap the old secret ends at once. */
const rotate = (call: Call): Answer => {
  const live = found(call);
  checkMembers(call.body, members, accessInvalid);
  const secret = newSecret();
  const until = text(call.body['previous_client_secret_expires_at'], accessTime(call.now.toISOString()));
  const next = {
    ...live,
    body: { ...live.body, previous_client_secret_expires_at: until },
    updated_at: call.now.toISOString(),
    version: live.version + 1,
    ...secrets(live, secret),
  };
  keep(call, next);
  return ok({ ...tokenView(next), client_secret: secret });
};

const refresh = (call: Call): Answer => {
  const live = found(call);
  const next = {
    ...live,
    expires_at: expiry(call.now, text(live.body['duration'])),
    updated_at: call.now.toISOString(),
  };
  keep(call, next);
  return ok(tokenView(next));
};

const remove = (call: Call): Answer => {
  const live = found(call);
  const used = [...call.state.policies, ...call.state.groups].some((each) =>
    mentionedIn(each.body, 'service_token').has(live.id),
  );
  if (used) throw conflict(accessInUse, 'access.api.error.service_token_in_use: service token is still used by a policy');
  call.state.service_tokens = without(call.state.service_tokens, live.id);
  return ok(tokenView(live));
};

const found = (call: Call): ServiceTokenRow => foundIn(call, call.state.service_tokens, 'service token');

const keep = ({ state }: Call, next: ServiceTokenRow): void => {
  state.service_tokens = replaced(state.service_tokens, next);
};

const tokenView = (token: ServiceTokenRow): JsonObject => ({
  id: token.id,
  enabled: true,
  ...token.body,
  client_id: token.client_id,
  client_secret_version: token.version,
  expires_at: token.expires_at,
  ...stamps(token),
});

const century = 100 * 365 * 24 * 3_600_000;

/** When a token ends. Even `forever` has a time. */
const expiry = (from: Date, duration: string): string => {
  const length = duration === 'forever' ? century : goDuration(duration);
  if (length === undefined || length <= 0) {
    throw invalid(accessInvalid, `access.api.error.invalid_request: invalid duration "${duration}"`);
  }
  return accessTime(new Date(from.getTime() + length).toISOString());
};

/** A new secret beside the one that it follows. */
const secrets = ({ secret_hash: former }: ServiceTokenRow, secret: string) => ({
  secret_hash: secretHash(secret),
  ...(former === undefined ? {} : { former_hash: former }),
});

/** Secrets are long and random: a plain digest gives none of them away. */
const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether these are the credentials of a token that is alive: its secret, or the one before it while that lasts. */
export const isSecretOf = (token: ServiceTokenRow, secret: string, now: Date): boolean => {
  if (token.body['enabled'] === false || Date.parse(token.expires_at) <= now.getTime()) return false;
  const given = secretHash(secret);
  if (given === token.secret_hash) return true;
  return given === token.former_hash && Date.parse(text(token.body['previous_client_secret_expires_at'])) > now.getTime();
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `cfast_`, 40 characters, and 8 more that check them. */
const newSecret = (): string => {
  const body = Array.from({ length: 40 }, () => letters[randomInt(letters.length)]).join('');
  return `cfast_${body}${createHash('sha256').update(body).digest('hex').slice(0, 8)}`;
};
