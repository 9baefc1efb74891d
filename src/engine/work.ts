import { diff } from './diff.ts';
import {
  addressOf,
  type Address,
  type Desired,
  type Existing,
  type Kind,
  type Obstacle,
  type Peers,
  type State,
} from './kind.ts';
import type { FieldRules } from './field-rules.ts';
import type { NameTable } from './names.ts';
import { overlay } from './overlay.ts';
import type { Action, FieldChange } from './plan-types.ts';
import type { Update, Written } from './write.ts';

/** One resource in a run: what it is, what it should be, and what that takes. Lives only in memory. */
export type Work = {
  readonly address: Address;
  readonly key: string;
  readonly kind: Kind;
  readonly action: Action | 'none';
  readonly desired: Desired | undefined;
  readonly existing: Existing | undefined;
  /** The live object's state; empty when there is none. */
  readonly live: State;
  /** What is declared, in canonical form. */
  readonly wanted: State;
  /** The state after the run: `live` overlaid with `wanted`; empty when the resource goes away. */
  readonly final: State;
  readonly fields: readonly FieldChange[];
  readonly reason?: string;
  /** An operation of the kind, in the place of a change of what the object says. */
  readonly operation?: { run(write: Update): Promise<Written>; readonly yieldsSecret: boolean };
};

/** A work that changes something, with what has to be done before it starts. */
export type PlannedWork = Work & { readonly action: Action; readonly after: readonly Address[] };

export const isActive = (work: Work): work is Work & Pick<PlannedWork, 'action'> => work.action !== 'none';

export type WorkOptions = {
  readonly kinds: readonly Kind[];
  readonly names: NameTable;
  readonly peers: Peers;
  readonly resendSecrets: boolean;
};

/** True when carrying the work out shows a secret that must reach a sink. */
export const yieldsSecret = ({ action, kind, operation }: Work): boolean =>
  operation?.yieldsSecret ?? (action === 'create' && kind.yieldsSecret === true);

/** What one desired resource takes. */
export function workFor(desired: Desired, kind: Kind, options: WorkOptions): Work {
  const address = addressOf(kind.kind, desired.key);
  const existing = options.names.bound(address);
  const base = { address, key: desired.key, kind, desired, existing };
  if (desired.absent) return removal(base, options.peers, desired.why ?? reasonOf(desired));
  if (existing === undefined) return creation(base, desired, options.peers);
  const live = kind.toState(existing.live, options.peers);
  if (desired.onlyIfMissing === true) return { ...base, action: 'none', live, wanted: {}, final: live, fields: [] };
  const wanted = kind.settle?.(desired.state, live, options.peers) ?? desired.state;
  return revision({ ...base, live, wanted }, options);
}

const reasonOf = ({ asked }: Desired): string => (asked === true ? 'this command asks for it' : 'the document says absent: true');

type Base = Pick<Work, 'address' | 'key' | 'kind' | 'desired' | 'existing'>;

function creation(base: Base, desired: Desired, peers: Peers): Work {
  const { kind } = base;
  const initial = kind.initial?.(desired.key, desired.state) ?? desired.state;
  const wanted = kind.settle?.(initial, undefined, peers) ?? initial;
  const fields = diff({ desired: wanted, live: {}, rules: mapsOf(kind.fields) });
  const reason = desired.why === undefined ? {} : { reason: desired.why };
  return { ...base, action: 'create', live: {}, wanted, final: wanted, fields, ...reason };
}

/** Beside nothing, what equals a server's default is worth showing too; an empty entry of a map is an entry. */
const mapsOf = (rules: FieldRules): FieldRules =>
  Object.fromEntries(Object.entries(rules).flatMap(([path, { map }]) => (map === true ? [[path, { map }]] : [])));

/** Compares, and decides between changing in place and replacing. */
export function revision(base: Base & Pick<Work, 'live' | 'wanted'>, options: Pick<WorkOptions, 'resendSecrets'>): Work {
  const { kind, live, wanted } = base;
  const fields = diff({ desired: wanted, live, rules: kind.fields, resendSecrets: options.resendSecrets });
  const forced = fields.filter((field) => field.forces_replacement).map((field) => field.path);
  if (fields.length === 0) return { ...base, action: 'none', final: live, fields };
  const final = overlay(live, wanted, kind.fields);
  if (forced.length === 0) return { ...base, action: 'update', final, fields };
  const reason = `${forced.join(', ')} cannot be changed in place`;
  return { ...base, action: 'replace', final, fields, reason };
}

/** The deletion of a resource; nothing to do when it is gone already. */
function removal(base: Base, peers: Peers, reason: string): Work {
  const { existing } = base;
  if (existing !== undefined) return deletion({ ...base, existing }, peers, reason);
  return { ...base, action: 'none', live: {}, wanted: {}, final: {}, fields: [] };
}

/** A work that takes a live object away. */
export type Deletion = Work & { readonly action: 'delete'; readonly existing: Existing };

export function deletion(base: Base & Pick<Deletion, 'existing'>, peers: Peers, reason: string): Deletion {
  const live = base.kind.toState(base.existing.live, peers);
  return { ...base, action: 'delete', live, wanted: {}, final: {}, fields: [], reason };
}

export const isDeletion = (work: Work): work is Deletion => work.action === 'delete' && work.existing !== undefined;

/** A live object's mention of another, by id. */
export type Mention = { readonly kind: string; readonly id: string };

/** What a state mentions, as live ids. Mentions of things that do not exist yet are left out. */
export function mentions(kind: Kind, state: State, names: NameTable): readonly Mention[] {
  return kind.references(state).flatMap((reference) => {
    const id = names.idNow(reference.kind, reference.ref);
    return id === undefined ? [] : [{ kind: reference.kind, id }];
  });
}

/** What a resource will mention once its work is done; nothing when it is gone. */
export const mentionsAfter = (work: Work, names: NameTable): readonly Mention[] =>
  work.action === 'delete' ? [] : mentions(work.kind, work.final, names);

/** Reasons that forbid the work: a protected resource, or what the kind sees in its way. */
export function obstaclesOf(work: Work, peers: Peers): readonly Obstacle[] {
  const { desired, existing, action } = work;
  if (desired === undefined) return [];
  const isLost = existing !== undefined && (action === 'delete' || action === 'replace');
  const own = desired.protect && isLost ? [protectedFrom(work, existing)] : [];
  if (desired.absent || isLeftAlone(work)) return own;
  return [...own, ...(work.kind.obstacles?.(desired, existing, peers) ?? [])];
}

/** True for what was there already and is only needed by others. */
export const isLeftAlone = ({ desired, existing }: Work): boolean => desired?.onlyIfMissing === true && existing !== undefined;

const protectedFrom = ({ address, action, reason }: Work, existing: Existing): Obstacle => ({
  message: `${address} is protected (protect: true) and would be ${action === 'delete' ? 'deleted' : 'replaced'}: ${reason}`,
  ids: [existing.id],
  hint: 'take protect: true out of the document first, if that is what you want',
});
