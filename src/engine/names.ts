import { UnsafePlanError, UserError } from '../lib/errors.ts';
import { groupBy } from './group-by.ts';
import { addressOf, type Address, type Existing, type Names } from './kind.ts';

/** The one place where ids and names meet. Grows while a run creates things. */
export type NameTable = Names & {
  bind(address: Address, existing: Existing): void;
  /** Forgets a binding: the object is not there any more. */
  release(address: Address): void;
  bound(address: Address): Existing | undefined;
  addressOfId(kind: string, id: string): Address | undefined;
  /** `idOf`, and undefined for what does not exist (yet). */
  idNow(kind: string, ref: string): string | undefined;
  isDeclared(address: Address): boolean;
};

export type NameTableOptions = {
  /** Whether the document has this resource. */
  isDeclared(address: Address): boolean;
  /** The live objects of a kind, as far as they were read. */
  existing(kind: string): readonly Existing[];
};

export function createNames(options: NameTableOptions): NameTable {
  const bindings = createBindings();
  const known: Known = {
    isDeclared: (address) => options.isDeclared(address),
    bindings,
    mentioned: new Set(),
    indexOf: createIndexes(options),
  };
  return {
    ...bindings,
    isDeclared: known.isDeclared,
    nameOf: (kind, id) => nameOf(known, kind, id),
    idNow: (kind, ref) => idNow(known, kind, ref),
    idOf: (kind, ref) => idNow(known, kind, ref) ?? notFound(kind, ref),
    canonical(kind, ref) {
      if (known.isDeclared(addressOf(kind, ref))) return ref;
      const found = find(known, kind, ref);
      return found === undefined ? ref : nameOf(known, kind, found.id);
    },
  };
}

type Known = {
  isDeclared(address: Address): boolean;
  readonly bindings: Bindings;
  /** Ids that live objects mention: they are sent back as they came, whatever they look like. */
  readonly mentioned: Set<string>;
  indexOf(kind: string): Index;
};

function nameOf({ isDeclared, bindings, mentioned, indexOf }: Known, kind: string, id: string): string {
  const address = bindings.addressOfId(kind, id);
  if (address !== undefined) return address.slice(kind.length + 1);
  const { byId, byName } = indexOf(kind);
  const name = byId.get(id)?.name ?? '';
  const isUnambiguous = byName.get(name)?.length === 1 && !isDeclared(addressOf(kind, name));
  if (name !== '' && isUnambiguous) return name;
  mentioned.add(`${kind}:${id}`);
  return id;
}

/** A declared resource that does not exist yet is never a live object that happens to have its name. */
function idNow(known: Known, kind: string, ref: string): string | undefined {
  const address = addressOf(kind, ref);
  const bound = known.bindings.bound(address);
  const found = known.isDeclared(address) ? bound : (bound ?? find(known, kind, ref));
  if (found !== undefined) return found.id;
  return looksLikeId(ref) || known.mentioned.has(`${kind}:${ref}`) ? ref : undefined;
}

/** The live object that a reference means, when the document does not declare it. */
function find({ indexOf }: Known, kind: string, ref: string): Existing | undefined {
  const { byId, byName } = indexOf(kind);
  const [only, ...others] = byName.get(ref) ?? [];
  const found = byId.get(ref) ?? only;
  if (found === undefined || found.id === ref || others.length === 0) return found;
  throw ambiguousName(ref, [found, ...others]);
}

function notFound(kind: string, ref: string): never {
  throw new UserError(`there is no ${kind.replaceAll('_', ' ')} "${ref}"`, {
    code: 'not_found',
    hint: 'declare it in the document, or use the name or id of one that exists',
  });
}

type Bindings = Pick<NameTable, 'bind' | 'release' | 'bound' | 'addressOfId'>;

/** One live object for each address, found both ways. */
function createBindings(): Bindings {
  const byAddress = new Map<Address, Existing>();
  const byId = new Map<string, Address>();
  const release = (address: Address): void => {
    const former = byAddress.get(address);
    byAddress.delete(address);
    if (former !== undefined) byId.delete(`${former.kind}:${former.id}`);
  };
  return {
    release,
    bound: (address) => byAddress.get(address),
    addressOfId: (kind, id) => byId.get(`${kind}:${id}`),
    bind(address, existing) {
      release(address);
      byAddress.set(address, existing);
      byId.set(`${existing.kind}:${existing.id}`, address);
    },
  };
}

type Index = {
  /** The listing that this was made of: a kind that is read later has another one. */
  readonly listing: readonly Existing[];
  readonly byId: ReadonlyMap<string, Existing>;
  readonly byName: ReadonlyMap<string, readonly Existing[]>;
};

function createIndexes(options: Pick<NameTableOptions, 'existing'>): (kind: string) => Index {
  const indexes = new Map<string, Index>();
  return (kind) => {
    const listing = options.existing(kind);
    const known = indexes.get(kind);
    if (known?.listing === listing) return known;
    const byId = new Map(listing.map((object) => [object.id, object]));
    const index = { listing, byId, byName: groupBy(listing, (object) => object.name) };
    indexes.set(kind, index);
    return index;
  };
}

/** A UUID or a 32-digit hexadecimal id: the two forms of id that Cloudflare gives out. */
export function looksLikeId(ref: string): boolean {
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(ref);
}

const ambiguousName = (name: string, hits: readonly Existing[]): UnsafePlanError =>
  new UnsafePlanError(`the name "${name}" belongs to ${hits.length} live objects: ${hits.map((hit) => hit.id).join(', ')}`, {
    code: 'ambiguous_name',
    hint: 'use the id of the one that you mean',
  });
