import { describe, expect, it } from 'vitest';
import { expand } from '../../src/engine/expand.ts';
import type { Entry, Kind, Place, Section, Sections } from '../../src/engine/kind.ts';
import { createToys, text, want } from './toy-kinds.ts';

const place = (line: number): Place => ({ file: 'portal.yaml', line, column: 1, path: '' });

/** Sections of entries by key; `line` is where an entry stands. */
function sections(content: Readonly<Record<string, Readonly<Record<string, Entry['value']>>>>): Sections {
  const entries = Object.entries(content).flatMap(([section, values]) =>
    Object.entries(values).map(([key, value], index): Entry => ({
      section,
      key,
      value,
      place: place(index + 1),
      at: () => place(index + 1),
    })),
  );
  return {
    entries: (section) => entries.filter((entry) => entry.section === section),
    entry: (section, key) => entries.find((entry) => entry.section === section && entry.key === key),
  };
}

const noSchema = (): never => {
  throw new Error('no schema is needed here');
};
const section = (name: string, expandEntry: Section['expand']): Section => ({
  name,
  shape: 'map',
  schema: noSchema,
  expand: expandEntry,
});

/** `widgets.X.gadget: G` is short for a gadget G that the widget mentions. */
const [gadget, widget, badge] = createToys().kinds;
const kinds = [
  {
    ...gadget,
    section: section('gadgets', ({ key, value, place: at }) => [
      want('gadget', key, value, { place: at, absent: value['gone'] === true }),
    ]),
  },
  {
    ...widget,
    section: section('widgets', ({ key, value, place: at }) => {
      const implied =
        value['gadget'] === undefined
          ? []
          : [want('gadget', text(value['gadget']), { size: value['size'] ?? 1 }, key === 'nowhere' ? {} : { place: at })];
      return [want('widget', key, value, { place: at }), ...implied];
    }),
  },
  badge,
] as readonly Kind[];

describe('a document as resources', () => {
  it('has the short forms spelled out, in the order of the kinds', () => {
    const { desired, findings } = expand(sections({ widgets: { lamp: { gadget: 'wheel' } }, gadgets: { axle: {} } }), kinds);
    expect(desired.map(({ kind, key }) => `${kind}:${key}`)).toEqual(['gadget:axle', 'gadget:wheel', 'widget:lamp']);
    expect(findings).toEqual([]);
  });

  it('has a resource once that two entries imply alike, however its keys are ordered', () => {
    const { desired, findings } = expand(
      sections({ widgets: { lamp: { gadget: 'wheel' }, fan: { gadget: 'wheel' } }, gadgets: { wheel: { size: 1 } } }),
      kinds,
    );
    expect(desired.filter(({ kind }) => kind === 'gadget')).toHaveLength(1);
    expect(findings).toEqual([]);
  });

  it.each<[string, Entry['value']]>([
    ['other fields', { size: 2 }],
    ['the wish that it be gone', { size: 1, gone: true }],
  ])('is mistaken where one address stands twice with %s', (_what, value) => {
    const { findings } = expand(sections({ gadgets: { wheel: value }, widgets: { lamp: { gadget: 'wheel' } } }), kinds);
    expect(findings).toMatchObject([
      {
        severity: 'error',
        message: 'gadget:wheel is declared twice, with different fields (first in line 1)',
        place: { line: 1 },
      },
    ]);
  });

  it('says no line where the first has none', () => {
    const { findings } = expand(
      sections({ widgets: { nowhere: { gadget: 'wheel' }, lamp: { gadget: 'wheel', size: 2 } } }),
      kinds,
    );
    expect(findings[0]?.message).toBe('gadget:wheel is declared twice, with different fields');
  });

  it('is mistaken where two entries mean the same object', () => {
    const { findings } = expand(sections({ gadgets: { wheel: {}, round: { name: 'wheel' } } }), kinds);
    expect(findings).toMatchObject([
      { severity: 'error', message: 'gadget:round and gadget:wheel mean the same object (wheel)', place: { line: 2 } },
    ]);
  });

  it('asks nobody about live state', () => {
    const curious = kinds.map((kind): Kind => ({
      ...kind,
      identities: (_desired, { names, live, existing, desired }) => [
        [
          names.nameOf('gadget', 'a'),
          names.idOf('gadget', 'b'),
          names.canonical('gadget', 'c'),
          live('gadget:d')?.id,
          existing('gadget').length,
          desired('gadget').length,
        ].join(),
      ],
    }));
    const { findings } = expand(sections({ gadgets: { wheel: {}, axle: {} } }), curious);
    expect(findings[0]?.message).toContain('(a,b,c,,0,0)');
  });

  it('takes the key where a kind gives no identity', () => {
    const shy = kinds.map((kind): Kind => ({ ...kind, identities: () => [] }));
    expect(expand(sections({ gadgets: { wheel: {}, axle: {} } }), shy).findings).toEqual([]);
  });
});
