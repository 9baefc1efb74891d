import { randomBytes } from 'node:crypto';
import { objects, spelled, text } from './check.ts';
import { checkConflicts, proxiable, recordBody } from './dns-record.ts';
import { listed, ok, pagings } from './envelope.ts';
import { type JsonObject, omit } from './json.ts';
import { missing } from './refusal.ts';
import { type Answer, type Call, type Route, route } from './route.ts';
import { type DnsRow, replaced, row, without } from './state.ts';
import { foundZone } from './zones.ts';

const base = '/zones/:zone/dns_records';

/** DNS records. */
export const dnsRoutes: readonly Route[] = [
  route('POST', base, (call) => ok(post(call, call.body))),
  route('GET', base, (call) => list(call)),
  route('POST', `${base}/batch`, (call) => batch(call)),
  route('GET', `${base}/:id`, (call) => ok(recordView(found(call, call.param('id'))))),
  route('PUT', `${base}/:id`, (call) => ok(put(call, call.param('id'), call.body))),
  route('PATCH', `${base}/:id`, (call) => ok(patch(call, call.param('id'), call.body))),
  route('DELETE', `${base}/:id`, (call) => ok(remove(call, call.param('id')))),
];

const post = (call: Call, sent: JsonObject): JsonObject => {
  const { state, now } = call;
  const zone = foundZone(call);
  const body = recordBody(zone, sent);
  checkConflicts(inZone(call), body);
  const record = { ...row(now, randomBytes(16).toString('hex'), body), zone_id: zone.id, ...commentStamp(body, {}, now) };
  state.dns_records = [...state.dns_records, record];
  return recordView(record);
};

/** Says the whole record: a comment that is left out is cleared. */
const put = (call: Call, id: string, sent: JsonObject): JsonObject => {
  const { state, now } = call;
  const live = found(call, id);
  const body = recordBody(foundZone(call), sent);
  checkConflicts(without(inZone(call), id), body);
  const next = { ...live, body, updated_at: now.toISOString(), ...commentStamp(body, live.body, now) };
  state.dns_records = replaced(state.dns_records, next);
  return recordView(next);
};

/** Keeps what is left out. */
const patch = (call: Call, id: string, sent: JsonObject): JsonObject => put(call, id, { ...found(call, id).body, ...sent });

const remove = (call: Call, id: string): JsonObject => {
  found(call, id);
  call.state.dns_records = without(call.state.dns_records, id);
  return { id };
};

/** Deletes, patches, puts and posts, always in this order, and all of them or none. */
const batch = (call: Call): Answer => {
  const before = call.state.dns_records;
  const each = (name: string, change: (id: string, sent: JsonObject) => JsonObject): readonly JsonObject[] =>
    objects(call.body[name]).map((sent) => change(text(sent['id']), omit(sent, ['id'])));
  try {
    return ok({
      deletes: each('deletes', (id) => remove(call, id)),
      patches: each('patches', (id, sent) => patch(call, id, sent)),
      puts: each('puts', (id, sent) => put(call, id, sent)),
      posts: each('posts', (_id, sent) => post(call, sent)),
    });
  } catch (error) {
    call.state.dns_records = before;
    throw error;
  }
};

const commentStamp = (body: JsonObject, before: JsonObject, now: Date): { readonly comment_modified_on?: string } =>
  (body['comment'] ?? null) === (before['comment'] ?? null) ? {} : { comment_modified_on: now.toISOString() };

const inZone = (call: Call): readonly DnsRow[] => {
  const { id } = foundZone(call);
  return call.state.dns_records.filter((each) => each.zone_id === id);
};

const found = (call: Call, id: string): DnsRow => {
  const record = inZone(call).find((each) => each.id === id);
  if (record === undefined) throw missing(81044, 'Record does not exist.');
  return record;
};

type Compare = (own: string, wanted: string) => boolean;
type Test = { readonly member: string; readonly compare: Compare; readonly wanted: string };
const comparisons: Readonly<Record<string, Compare>> = {
  exact: (own, wanted) => own === wanted,
  contains: (own, wanted) => own.includes(wanted),
  startswith: (own, wanted) => own.startsWith(wanted),
  endswith: (own, wanted) => own.endsWith(wanted),
};

/** Filters: `type`, `proxied`, and `name`, `content`, `comment`, plain or as `name.exact`, `content.contains` and so on. */
const list = (call: Call): Answer => {
  const tests = [...call.query].flatMap(([key, wanted]) => {
    const [member = '', how = 'exact'] = key.split('.');
    const compare = comparisons[how];
    const known = ['name', 'content', 'comment', 'type', 'proxied'].includes(member);
    return known && compare !== undefined ? [{ member, compare, wanted: wanted.toLowerCase() }] : [];
  });
  const any = call.query.get('match') === 'any' && tests.length > 0;
  const rows = inZone(call).filter(({ body }) => {
    const passes = ({ member, compare, wanted }: Test): boolean => compare(spelled(body[member]).toLowerCase(), wanted);
    return any ? tests.some(passes) : tests.every(passes);
  });
  return listed(call, rows, { paging: pagings.dns, view: recordView });
};

const recordView = (record: DnsRow): JsonObject => ({
  id: record.id,
  ...record.body,
  proxiable: proxiable.has(text(record.body['type'])),
  meta: {},
  created_on: record.created_at,
  modified_on: record.updated_at,
  ...(record.comment_modified_on === undefined ? {} : { comment_modified_on: record.comment_modified_on }),
});
