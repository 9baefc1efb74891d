import type { Desired } from '../engine/kind.ts';
import { UsageError } from '../lib/errors.ts';
import { set, setAll, type Edit } from '../spec/edit.ts';
import { pathText } from '../spec/source.ts';
import { ofEntry, type Intent } from './intent.ts';
import { serviceTokens, type Surroundings } from './surroundings.ts';

/** The words of `service-token create`. */
export type TokenWords = { readonly name: string; readonly duration?: string | undefined };

const section = serviceTokens.section;

/** Makes a service token. One that is there stays as it is: its secret was shown once, and is not shown again. */
export async function createToken(words: TokenWords, around: Surroundings): Promise<Intent> {
  const key = keyFor(words.name, around);
  const path = [section, key];
  const said = around.said(...path, 'name');
  const name = typeof said === 'string' ? said : key;
  const about = { named: ofEntry(section, key), about: [pathText(path)] };
  const live = (await around.live(serviceTokens.kind)).find((existing) => existing.name === name);
  if (live === undefined) {
    const edits = entryEdits(path, { duration: words.duration }, around);
    return { ...about, edits, save: edits };
  }
  const { duration } = around.state(live);
  const isInFile = around.keys(section).includes(key);
  return {
    ...about,
    edits: [set(path, { name: live.name })],
    save: isInFile ? [] : entryEdits(path, { duration: words.duration === undefined ? undefined : duration }, around),
    notices: [thereAlready(words, String(duration), live.name)],
  };
}

/** A name stands for the entry that has it as its key, else for the one that says it as its name. */
function keyFor(name: string, around: Surroundings): string {
  if (name.trim() === '') throw new UsageError('service-token create needs a name');
  const keys = around.keys(section);
  return keys.includes(name) ? name : (keys.find((key) => around.said(section, key, 'name') === name) ?? name);
}

function entryEdits(path: readonly string[], fields: Readonly<Record<string, unknown>>, around: Surroundings): readonly Edit[] {
  const revived: readonly Edit[] = around.said(...path, 'absent') === true ? [{ op: 'remove', path: [...path, 'absent'] }] : [];
  const isNew = around.said(...path) === undefined;
  return [...revived, ...(isNew ? [set(path, {})] : []), ...setAll(path, fields)];
}

function thereAlready({ name, duration }: TokenWords, live: string, liveName: string): string {
  const kept = duration === undefined || duration === live ? '' : ` Its duration stays ${live}.`;
  return `The service token ${liveName} is there already, and its secret was shown only when it was made.${kept} For a new secret: mcp-portal service-token rotate ${quoted(name)}`;
}

/** The servers of the document that Cloudflare signs in to with a token: they are given its secret, and keep an old one. */
export const signInsWith = (key: string, desired: readonly Desired[]): readonly string[] =>
  desired
    .filter(({ kind, state, absent }) => !absent && kind === 'server' && state['auth.service_token'] === key)
    .map(({ kind, key: own }) => `${kind}:${own}`);

/** A name as a shell takes it. */
export const quoted = (name: string): string => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`);
