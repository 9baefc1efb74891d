import { cloudflareTools } from './cloudflare-tools.ts';
import { commandTools } from './command-tools.ts';
import type { Desk } from './desk.ts';
import { kindTools } from './kind-tools.ts';
import { planTools } from './plan-tools.ts';
import { provisionTool } from './provision-tool.ts';
import type { Hints, Tool } from './tool.ts';

type Listed = {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { type: 'object'; [key: string]: unknown };
  readonly outputSchema: { type: 'object'; [key: string]: unknown };
  readonly annotations: Hints;
};

export type ToolTable = { readonly byName: ReadonlyMap<string, Tool>; readonly listed: Listed[] };

const made = new WeakMap<Desk, ToolTable>();

/** The tools that a process offers, in an order that never changes. */
export function toolTable(desk: Desk): ToolTable {
  const known = made.get(desk);
  if (known !== undefined) return known;
  const { readOnly, toolsets } = desk.settings;
  const all = [...planTools(desk), ...commandTools(desk), ...cloudflareTools(desk), provisionTool(desk), ...kindTools(desk)];
  const tools = all.filter((tool) => toolsets.includes(tool.toolset) && !(readOnly && tool.changes));
  const table = { byName: new Map(tools.map((tool) => [tool.name, tool])), listed: tools.map(listed) };
  made.set(desk, table);
  return table;
}

/** Every result says how it ended; what else it holds depends on that. */
const outputSchema = { type: 'object' as const, properties: { status: { type: 'string' } }, required: ['status'] };

const listed = ({ name, description, input, hints }: Tool): Listed => ({
  name,
  description,
  inputSchema: { ...input },
  outputSchema,
  annotations: hints,
});
