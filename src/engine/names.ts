import { UnsafePlanError, UserError } from '../lib/errors.ts';
import { addressOf, type Address, type Existing, type Names } from './kind.ts';

/** The one place where ids and names meet. Grows while a run creates things. */
export type NameTable = Names & {
  bind(address: Address, existing: Existing): void;
  /** Forgets a binding: the object is not there any more. */
  release(address: Address): void;
  bound(address: Address): Existing | undefined;
  addressOfId(kind: string, id: string): Address | undefined;
  isDeclared(address: Address): boolean;
};

export type NameTableOptions = {
  /** Whether the document has this resource. */
  isDeclared(address: Address): boolean;
  /** The live objects of a kind, as far as they were read. */
  existing(kind: string): readonly Existing[];
};

export function createNames(options: NameTableOptions): NameTable {
  const byAddress = new Map<Address, Existing>();
  const byId = new Map<string, Address>();
  const named = (kind: string, name: string) => options.existing(kind).filter((object) => object.name === name);

  function nameOf(kind: string, id: string): string {
    const address = byId.get(`${kind}:${id}`);
    if (address !== undefined) return address.slice(kind.length + 1);
    const name = options.existing(kind).find((object) => object.id === id)?.name;
    if (name === undefined || name === '') return id;
    const unambiguous = named(kind, name).length === 1 && !options.isDeclared(addressOf(kind, name));
    return unambiguous ? name : id;
  }

  /** The live object that a reference means, when the document does not declare it. */
  function find(kind: string, ref: string): Existing | undefined {
    const byItsId = options.existing(kind).find((object) => object.id === ref);
    if (byItsId !== undefined) return byItsId;
    const hits = named(kind, ref);
    if (hits.length < 2) return hits[0];
    throw new UnsafePlanError(`the name "${ref}" belongs to ${hits.length} live objects: ${hits.map((hit) => hit.id).join(', ')}`, {
      code: 'ambiguous_name',
      hint: 'use the id of the one that you mean',
    });
  }

  function idOf(kind: string, ref: string): string {
    const known = byAddress.get(addressOf(kind, ref)) ?? find(kind, ref);
    if (known !== undefined) return known.id;
    if (looksLikeId(ref)) return ref;
    throw new UserError(`there is no ${kind.replaceAll('_', ' ')} "${ref}"`, {
      code: 'not_found',
      hint: 'declare it in the document, or use the name or id of one that exists',
    });
  }

  function canonical(kind: string, ref: string): string {
    if (options.isDeclared(addressOf(kind, ref))) return ref;
    const found = find(kind, ref);
    return found === undefined ? ref : nameOf(kind, found.id);
  }

  return {
    nameOf,
    idOf,
    canonical,
    isDeclared: (address) => options.isDeclared(address),
    bound: (address) => byAddress.get(address),
    addressOfId: (kind, id) => byId.get(`${kind}:${id}`),
    release(address) {
      const existing = byAddress.get(address);
      byAddress.delete(address);
      if (existing !== undefined) byId.delete(`${existing.kind}:${existing.id}`);
    },
    bind(address, existing) {
      byAddress.set(address, existing);
      byId.set(`${existing.kind}:${existing.id}`, address);
    },
  };
}

/** A UUID or a 32-digit hexadecimal id: the two forms of id that Cloudflare gives out. */
export function looksLikeId(ref: string): boolean {
  return /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(ref);
}
