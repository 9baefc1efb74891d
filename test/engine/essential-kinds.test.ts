import { expect, it } from 'vitest';
import { essentialKinds } from '../../src/engine/essential-kinds.ts';
import { kinds } from '../../src/kinds/index.ts';
import { createToys } from './toy-kinds.ts';

it('are what portals take, and not what needs permissions of its own', () => {
  expect(essentialKinds(kinds).map(({ kind }) => kind)).toEqual([
    'service_token',
    'group',
    'policy',
    'server',
    'server_app',
    'portal',
    'portal_app',
    'application',
    'dns_record',
  ]);
});

it('are all where none has an output', () => {
  const toys = createToys();
  expect(essentialKinds(toys.kinds)).toEqual(toys.kinds);
});
