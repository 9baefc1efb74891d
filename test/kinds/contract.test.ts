import { inspect } from 'node:util';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { runSandbox, type RunSandbox } from '../support/run-sandbox.ts';
import { samples, type Sample } from './samples.ts';

type At = readonly (string | number)[];

const textOf = (document: unknown): string => stringify({ version: 1, ...(document as object) });

/** The document with one value set, or with one key taken out. */
function changed(value: unknown, [key, ...rest]: At, to: unknown): unknown {
  if (key === undefined) return to;
  const copy: unknown[] | Record<string | number, unknown> = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = changed((value as Record<string | number, unknown>)[key], rest, to);
  if (inner === undefined) delete (copy as Record<string | number, unknown>)[key];
  else (copy as Record<string | number, unknown>)[key] = inner;
  return copy;
}

const edited = (sample: Sample, at: At, to: unknown): string => textOf(changed(sample.document, [...sample.entry, ...at], to));

async function applied(sample: Sample): Promise<RunSandbox> {
  const run = runSandbox({ files: sample.files ?? {} });
  const first = await run.apply(textOf(sample.document), { env: sample.env ?? {} });
  expect(first.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
  expect(first.kept).toEqual([]);
  return run;
}

const pathOf = async (run: RunSandbox, sample: Sample): Promise<string> => {
  const { proposal } = await run.plan(textOf(sample.document), { env: sample.env ?? {} });
  return sample.path.replace('ID', proposal.names.bound(`${sample.kind}:${sample.key}`)?.id ?? 'not-bound');
};

describe.each(samples)('the contract of $kind ($key)', (sample) => {
  const env = sample.env ?? {};
  const full = textOf(sample.document);
  const address = `${sample.kind}:${sample.key}`;

  it('apply, then plan is empty', async () => {
    const run = await applied(sample);
    const planned = await run.plan(full, { env });
    expect(planned.lines).toEqual([]);
    expect(planned.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each(sample.mutable)('$at changes in place, with one request, and settles', async ({ at, to, fields }) => {
    const run = await applied(sample);
    const yaml = edited(sample, at, to);
    const update = await run.apply(yaml, { env });
    expect(update.lines).toEqual([`update ${address} ${fields.join(', ')}`]);
    expect(update.ok).toBe(true);
    expect(update.writes).toHaveLength(1);
    expect((await run.plan(yaml, { env })).lines).toEqual([]);
  });

  it.each(sample.immutable)('$at makes a replacement', async ({ at, to, fields }) => {
    const run = await applied(sample);
    const yaml = edited(sample, at, to);
    const replacement = await run.apply(yaml, { env });
    const [change] = replacement.plan.changes;
    expect(replacement.plan.changes).toHaveLength(1);
    expect(change).toMatchObject({ address, action: 'replace' });
    expect(change?.fields.filter((field) => field.forces_replacement).map(({ path }) => path)).toEqual(fields);
    expect(replacement.ok).toBe(true);
    expect((await run.plan(yaml, { env })).lines).toEqual([]);
  });

  it('leaving a field out changes nothing, one at a time and all together', async () => {
    const run = await applied(sample);
    for (const at of sample.optional) expect((await run.plan(edited(sample, at, undefined), { env })).lines).toEqual([]);
    const bare = sample.optional
      .filter((at) => at.length === 1)
      .reduce<unknown>((document, at) => changed(document, [...sample.entry, ...at], undefined), sample.document);
    const before = await run.send('GET', await pathOf(run, sample));
    expect((await run.apply(textOf(bare), { env })).lines).toEqual([]);
    expect(await run.send('GET', await pathOf(run, sample))).toEqual(before);
  });

  it('secrets never show', async () => {
    const run = runSandbox({ files: sample.files ?? {} });
    const first = await run.apply(full, { env });
    const again = await run.plan(full, { env, resendSecrets: true });
    const delivered = first.secrets.map(({ secret }) => secret.values['client_secret'] ?? '');
    const shown = [first, again].flatMap(({ plan, proposal }) => [
      JSON.stringify(plan),
      JSON.stringify(proposal.works),
      inspect(proposal.works, { depth: 20 }),
    ]);
    for (const secret of [...Object.values(env), ...delivered])
      expect([...shown, JSON.stringify(first.outcomes)].join('\n')).not.toContain(secret);
  });

  it('is removed again, after what depends on it', async () => {
    const run = await applied(sample);
    const destroyed = await run.apply(full, { env, destroy: true });
    expect(destroyed.outcomes.filter((outcome) => !outcome.ok)).toEqual([]);
    expect(destroyed.kept).toEqual([]);
    expect((await run.plan(full, { env, destroy: true })).lines).toEqual([]);
  });
});

describe.each(samples.filter(({ foreign }) => foreign !== undefined))('a live $kind', (sample) => {
  it('keeps what others set when it is updated', async () => {
    const run = await applied(sample);
    const path = await pathOf(run, sample);
    const { method = '', body, kept = {} } = sample.foreign ?? {};
    await run.send(method, path, body);
    const [{ at, to } = { at: [], to: {} }] = sample.mutable;
    const update = await run.apply(edited(sample, at, to), { env: sample.env ?? {} });
    expect(update.writes).toHaveLength(1);
    expect(update.ok).toBe(true);
    expect(await run.send('GET', path)).toMatchObject(kept);
  });
});
