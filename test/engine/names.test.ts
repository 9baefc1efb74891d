import { describe, expect, it } from 'vitest';
import type { Existing } from '../../src/engine/kind.ts';
import { createNames, looksLikeId } from '../../src/engine/names.ts';
import { UnsafePlanError } from '../../src/lib/errors.ts';

const object = (id: string, name: string): Existing => ({ kind: 'gadget', id, identity: name, name, live: {} });

function table(existing: readonly Existing[], declared: readonly string[] = []) {
  return createNames({
    isDeclared: (address) => declared.includes(address),
    existing: (kind) => (kind === 'gadget' ? existing : []),
  });
}

describe('the name of an id', () => {
  it("is the document's key where an entry stands for the object", () => {
    const names = table([object('1', 'Wheel')]);
    names.bind('gadget:round', object('1', 'Wheel'));
    expect(names.nameOf('gadget', '1')).toBe('round');
  });

  it('is the live name where nothing else has it', () => {
    expect(table([object('1', 'Wheel')]).nameOf('gadget', '1')).toBe('Wheel');
  });

  it.each<[string, readonly Existing[], readonly string[]]>([
    ['two objects share the name', [object('1', 'Wheel'), object('2', 'Wheel')], []],
    ['the document gives the name to something else', [object('1', 'Wheel')], ['gadget:Wheel']],
    ['the object has no name', [object('1', '')], []],
    ['the object was not read', [], []],
  ])('is the id where %s', (_why, existing, declared) => {
    expect(table(existing, declared).nameOf('gadget', '1')).toBe('1');
  });
});

describe('the id of a reference', () => {
  it('goes back as it came from a live object, whatever it looks like', () => {
    const unread = table([]);
    expect(unread.nameOf('gadget', 'gadget-7')).toBe('gadget-7');
    expect(unread.idOf('gadget', 'gadget-7')).toBe('gadget-7');
    expect(() => unread.idOf('gadget', 'gadget-8')).toThrow('there is no gadget "gadget-8"');
  });

  const id = 'f174e90a-fafe-4643-bbbc-4a0ed4fc8415';
  const names = table([object('1', 'Wheel'), object('2', 'Twin'), object('3', 'Twin'), object('Twin', 'Odd')]);

  it('is found by key, by id and by live name', () => {
    names.bind('gadget:round', object('1', 'Wheel'));
    expect(['round', '1', 'Wheel'].map((ref) => names.idOf('gadget', ref))).toEqual(['1', '1', '1']);
  });

  it('prefers the key to a live name that reads the same', () => {
    const both = table([object('1', 'Wheel'), object('2', 'Other')], ['gadget:Wheel']);
    both.bind('gadget:Wheel', object('2', 'Other'));
    expect(both.idOf('gadget', 'Wheel')).toBe('2');
  });

  it('prefers an id to names that read the same', () => {
    expect(names.idOf('gadget', 'Twin')).toBe('Twin');
  });

  it('is taken on trust where it looks like one', () => {
    expect(names.idOf('gadget', id)).toBe(id);
  });

  it('is refused where there is none, with what to do', () => {
    expect(() => table([]).idOf('big_gadget', 'Whel')).toThrow('there is no big gadget "Whel"');
  });

  it('is refused where two live objects have the name, both of them said', () => {
    const twins = table([object('2', 'Twin'), object('3', 'Twin')]);
    expect(() => twins.idOf('gadget', 'Twin')).toThrow('the name "Twin" belongs to 2 live objects: 2, 3');
    expect(() => twins.canonical('gadget', 'Twin')).toThrow(UnsafePlanError);
  });
});

describe('a reference in its one spelling', () => {
  it('is what the id is called', () => {
    const names = table([object('1', 'Wheel'), object('2', 'Axle')], ['gadget:round']);
    names.bind('gadget:round', object('1', 'Wheel'));
    expect(['round', '1', 'Wheel'].map((ref) => names.canonical('gadget', ref))).toEqual(['round', 'round', 'round']);
    expect(['2', 'Axle'].map((ref) => names.canonical('gadget', ref))).toEqual(['Axle', 'Axle']);
  });

  it('stays as it is where nothing is known of it', () => {
    expect(table([], ['gadget:new']).canonical('gadget', 'new')).toBe('new');
    expect(table([]).canonical('gadget', 'other')).toBe('other');
  });
});

describe('a binding', () => {
  it('is forgotten both ways when the object is gone', () => {
    const names = table([]);
    names.bind('gadget:round', object('1', 'Wheel'));
    names.release('gadget:round');
    names.release('gadget:round');
    expect([names.bound('gadget:round'), names.addressOfId('gadget', '1')]).toEqual([undefined, undefined]);
  });

  it('leaves nothing of the former object behind', () => {
    const names = table([]);
    names.bind('gadget:round', object('1', 'Wheel'));
    names.bind('gadget:round', object('2', 'Wheel'));
    expect([names.addressOfId('gadget', '1'), names.addressOfId('gadget', '2')]).toEqual([undefined, 'gadget:round']);
  });

  it('sees a listing that is read later', () => {
    let listing: readonly Existing[] = [];
    const names = createNames({ isDeclared: () => false, existing: () => listing });
    expect(names.nameOf('gadget', '1')).toBe('1');
    listing = [object('1', 'Wheel')];
    expect(names.nameOf('gadget', '1')).toBe('Wheel');
  });
});

it.each([
  ['f174e90a-fafe-4643-bbbc-4a0ed4fc8415', true],
  ['F174E90AFAFE4643BBBC4A0ED4FC8415', true],
  ['f174e90a', false],
  ['g174e90afafe4643bbbc4a0ed4fc8415', false],
])('%s looks like an id: %s', (text, expected) => {
  expect(looksLikeId(text)).toBe(expected);
});
