import type { Finding, Place } from '../engine/kind.ts';
import { neutral } from '../render/value.ts';
import type { Difference } from './lock.ts';

const words = { tools: 'tool', prompts: 'prompt' } as const;

/** A server may change everything at once: then the rest is a number. */
const mostTold = 20;

/** A warning for each tool that is not as it was accepted, at its server's entry. */
export function lockFindings(
  differences: readonly Difference[],
  placeOf: (server: string) => Place | undefined,
): readonly Finding[] {
  const told = differences.slice(0, mostTold).map((one) => findingOf(sentence(one), placeOf(one.server)));
  const more = differences.length - told.length;
  return more === 0 ? told : [...told, findingOf(`${more} more tools and prompts are not as the lock file has them`, undefined)];
}

const findingOf = (message: string, place: Place | undefined): Finding => ({
  severity: 'warning',
  code: 'MCP021',
  message,
  place,
  hint: 'look at it with mcp-portal lock --check, and accept it with mcp-portal lock --accept',
});

/** One difference in a sentence: what it is, and that it was not accepted. */
function sentence({ server, list, name, change, parts }: Difference): string {
  const what = `servers.${server}: the ${words[list]} ${neutral(name)}`;
  if (change === 'new') return `${what} is new since the lock was accepted`;
  if (change === 'gone') return `${what} is gone since the lock was accepted`;
  return `${what} changed under its name since the lock was accepted: its ${parts.join(', ')}`;
}
