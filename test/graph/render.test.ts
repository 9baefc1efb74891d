import { describe, expect, it } from 'vitest';
import { mermaid } from '../../src/graph/mermaid.ts';
import { compare, type Picture } from '../../src/graph/picture.ts';
import { svg } from '../../src/graph/svg.ts';
import { graphText } from '../../src/graph/text.ts';
import { plainStyle } from '../../src/render/style.ts';
import { document, pictureOf } from './pictures.ts';

const attacks = [
  '"] --> x["',
  '<script>alert(1)</script>',
  "</text></svg><img src=x onerror='alert(1)'>",
  '`**bold**`',
  'a\nb\r\nclick n0 "javascript:alert(1)"',
  '%%{init: {"securityLevel":"loose"}}%%',
  '\u001b[31mred\u001b[0m\u0007',
  'x\u202Eevil\u2028y',
  '#quot;];end',
  '&amp; &lt; |pipe|',
  '\u0000\uFFFF\uD800',
];

/** Everything that a terminal obeys or that is not seen, but the end of a line. */
const harmful = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A picture in which every text is hostile. */
function hostile(text: string): Picture {
  const node = { column: 'portal', sort: text, name: text, notes: [text], marks: [text] } as const;
  return {
    nodes: [
      { ...node, id: 'a' },
      { ...node, id: text, column: 'server' },
    ],
    edges: [{ from: 'a', to: text, label: text, dotted: false }],
  };
}

describe('Mermaid', () => {
  it('draws nodes, arrows and changes', () => {
    const text = mermaid(
      compare(pictureOf(document), pictureOf(document.replace('  bare: { url: https://bare.example.com/mcp }\n', ''))),
    );
    expect(text.split('\n')[0]).toBe('flowchart LR');
    expect(text).toContain('(["email<br/>guest#64;example.org"])');
    expect(text).toContain('["gone#58; MCP server<br/>bare<br/>#33; unprotected"]');
    expect(text).toMatch(/ -\.-> n\d+\n/);
    expect(text).toMatch(/\|"tools hidden#58; 1"\|/);
    expect(text).toMatch(/class n\d+(,n\d+)* removed\n/);
    expect(text).toMatch(/linkStyle \d+ stroke:#cf222e,stroke-width:3px,stroke-dasharray:4/);
  });

  it.each(attacks)('takes %j as nothing but text', (text) => {
    const lines = mermaid(hostile(text)).split('\n');
    const label = String.raw`(?:[\p{L}\p{N} ._,+…-]|#\d+;|<br/>)*`;
    const shapes = [
      /^flowchart LR$/,
      new RegExp(String.raw`^ {2}n\d+\["${label}"\]$`, 'u'),
      new RegExp(String.raw`^ {2}n0 -->(\|"${label}"\|)? n1$`, 'u'),
      /^ {2}classDef warned stroke:#cf222e,stroke-dasharray:4$/,
      /^ {2}class n0,n1 warned$/,
      /^$/,
    ];
    expect(lines.filter((line) => !shapes.some((shape) => shape.test(line)))).toEqual([]);
    expect(lines).toHaveLength(7);
  });
});

describe('SVG', () => {
  it('has a box for each node and a line for each edge, within its own frame', () => {
    const picture = pictureOf(document);
    const text = svg(picture, 'Who reaches what');
    expect(text.match(/<rect /g)).toHaveLength(picture.nodes.length);
    expect(text.match(/<path d="M[^"]*"[^>]* marker-end/g)).toHaveLength(picture.edges.length);
    const [, width = '', height = ''] = /viewBox="0 0 (\d+) (\d+)"/.exec(text) ?? [];
    for (const [, x, y, w, h] of text.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g)) {
      expect(Number(x) + Number(w)).toBeLessThanOrEqual(Number(width));
      expect(Number(y) + Number(h)).toBeLessThanOrEqual(Number(height));
    }
    expect(text).toContain('prefers-color-scheme:dark');
    expect(text).not.toMatch(/<script|href|@import|url\((?!#)/);
  });

  it('lets no two boxes of a column overlap', () => {
    const boxes = [
      ...svg(pictureOf(document), '').matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g),
    ].map(([, x, y, h]) => ({ x, top: Number(y), bottom: Number(y) + Number(h) }));
    const overlaps = boxes.flatMap((box, index) =>
      boxes.slice(index + 1).filter((other) => other.x === box.x && other.top < box.bottom && box.top < other.bottom),
    );
    expect(overlaps).toEqual([]);
  });

  it.each(attacks)('takes %j as nothing but text', (text) => {
    const drawn = svg(hostile(text), text);
    const tags = new Set([...drawn.matchAll(/<\/?([a-zA-Z]+)/g)].map(([, name = '']) => name));
    expect([...tags].toSorted()).toEqual(['defs', 'g', 'marker', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    const texts = [...drawn.matchAll(/<(?:text|title)[^>]*>([^<]*)</g)].map(([, inner = '']) => inner);
    expect(texts.filter((inner) => /&(?!(amp|lt|gt|quot|#39);)/.test(inner))).toEqual([]);
    expect(drawn).not.toMatch(harmful);
    expect(drawn).not.toContain('\uFFFF');
  });

  it('of nothing is still a picture', () => {
    expect(svg({ nodes: [], edges: [] }, 'nothing')).toMatch(/viewBox="0 0 \d+ \d+"/);
  });
});

describe('text', () => {
  it('tells for each portal who gets in and what is there', () => {
    expect(graphText(pictureOf(document), plainStyle)).toBe(`MCP server portal tools (tools.example.com)
  let in by
    Access policy people (allow; requires country NL) {1}: email guest@example.org, Access group staff (email_domain example.com)
    Access policy robots (service_auth) {2}: service token ci
  has
    MCP server notes (policies: people, robots) {tools hidden: 1} → host notes.example.com
    MCP server wiki (policies: people, robots, owners) [protect] {tools shown: only 1} → tunnel home
      also let in by Access policy owners (allow): email owner@example.com

in no portal:
  MCP server bare [unprotected] → host bare.example.com`);
  });

  it.each(attacks)('shows %j without letting it do anything', (text) => {
    expect(graphText(hostile(text), plainStyle)).not.toMatch(harmful);
  });

  it('says so where there is nothing', () => {
    expect(graphText({ nodes: [], edges: [] }, plainStyle)).toBe('The document has no portals.');
  });
});
