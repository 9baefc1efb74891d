import { neutral } from '../render/value.ts';
import { layOut, lineHeight, type Box } from './layout.ts';
import { changeSign, isWarned, type Edge, type Node, type Picture } from './picture.ts';

/** Light and dark, without scripts or anything from elsewhere. */
const style = `
svg{background:#fff;font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
text{fill:#1f2328}.sort{fill:#59636e}.mark{fill:#cf222e;font-weight:bold}
rect{fill:#f6f8fa;stroke:#8c959f}path{fill:none;stroke:#8c959f}marker path{fill:#8c959f;stroke:none}
.portal rect{fill:#ddf4ff}.policy rect{fill:#fff8c5}
.dotted{stroke-dasharray:4}.warned rect{stroke:#cf222e;stroke-dasharray:4}
.added rect,path.added{stroke:#1a7f37;stroke-width:3}.removed rect,path.removed{stroke:#cf222e;stroke-width:3;stroke-dasharray:6}.changed rect,path.changed{stroke:#9a6700;stroke-width:3}
.label{paint-order:stroke;stroke:#fff;stroke-width:4px}
@media (prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.sort{fill:#9198a1}.mark{fill:#ff7b72}
rect{fill:#161b22;stroke:#6e7681}path{stroke:#6e7681}marker path{fill:#6e7681}.portal rect{fill:#121d2f}.policy rect{fill:#272115}.label{stroke:#0d1117}
.added rect,path.added{stroke:#3fb950}.removed rect,path.removed,.warned rect{stroke:#f85149}.changed rect,path.changed{stroke:#d29922}}`;

/** A picture that stands alone. All text is escaped for XML, and cut to what a box holds. */
export function svg(picture: Picture, title: string): string {
  const { boxes, width, height } = layOut(picture, linesOf);
  const size = [width, height].map(Math.ceil);
  const lines = picture.edges.flatMap((edge) => edgeShape(edge, boxes.get(edge.from), boxes.get(edge.to)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(' ')}" width="${size[0]}" height="${size[1]}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>',
    ...lines,
    ...[...boxes.values()].map(boxShape),
    '</svg>',
    '',
  ].join('\n');
}

const longest = 36;

const cut = (text: string): string => {
  const shown = Array.from(neutral(text));
  return shown.length > longest ? `${shown.slice(0, longest - 1).join('')}…` : shown.join('');
};

const linesOf = ({ sort, name, notes, marks, change }: Node): readonly string[] =>
  [`${changeSign(change)}${sort}`, ...(name === '' ? [] : [name]), ...notes, ...marks.map((mark) => `! ${mark}`)].map(cut);

function boxShape({ node, lines, x, y, width, height }: Box): string {
  const classes = [node.column, ...(node.change === undefined ? (isWarned(node) ? ['warned'] : []) : [node.change])];
  const texts = lines.map((line, index) => {
    const kind = index === 0 ? ' class="sort"' : line.startsWith('! ') ? ' class="mark"' : '';
    return `<text x="${round(x + 8)}" y="${round(y + (index + 1) * lineHeight)}"${kind}>${escaped(line)}</text>`;
  });
  const rect = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="6"/>`;
  return `<g class="${classes.join(' ')}">${rect}${texts.join('')}</g>`;
}

function edgeShape({ label, dotted, change }: Edge, from: Box | undefined, to: Box | undefined): readonly string[] {
  if (from === undefined || to === undefined) return [];
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(30, Math.abs(x2 - x1) / 2);
  const classes = [...(dotted ? ['dotted'] : []), ...(change === undefined ? [] : [change])].join(' ');
  const d = `M${round(x1)} ${round(y1)}C${round(x1 + bend)} ${round(y1)} ${round(x2 - bend)} ${round(y2)} ${round(x2)} ${round(y2)}`;
  const path = `<path d="${d}"${classes === '' ? '' : ` class="${classes}"`} marker-end="url(#tip)"/>`;
  const text = `${changeSign(change)}${label}`.trim();
  if (text === '') return [path];
  const at = `x="${round((x1 + x2) / 2)}" y="${round((y1 + y2) / 2 - 3)}"`;
  return [path, `<text ${at} class="label" text-anchor="middle">${escaped(cut(text))}</text>`];
}

const round = (value: number): number => Math.round(value * 10) / 10;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML does not even have as a code is gone: `neutral` spells out the control characters. */
const escaped = (text: string): string =>
  neutral(text)
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
