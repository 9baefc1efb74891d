import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failure, fakeAttio, type Answer, type FakeAttio } from './fake-attio.ts';
import { callTool, post, signIn, type Session } from './sign-in.ts';
import { startWorker, type Worker } from './worker.ts';

let attio: FakeAttio;
let worker: Worker;
let session: Session;
beforeAll(async () => {
  attio = await fakeAttio();
  worker = await startWorker(attio);
  session = await signIn(worker);
});
afterEach(() => {
  attio.intercept = undefined;
});
afterAll(async () => {
  await worker.close();
  await attio.close();
});

const call = (name: string, args: object = {}) => callTool(worker, session.access, name, args);
const lastCall = () => attio.calls.at(-1);

describe('records', () => {
  it('are created, found, read, changed and deleted', async () => {
    const created = await call('create-record', {
      resource_type: 'companies',
      record_data: { name: 'Acme', domains: ['acme.com'], employee_range: '11-50' },
    });
    const id = created.structuredContent.record_id;
    expect(lastCall()).toMatchObject({
      method: 'POST',
      path: '/v2/objects/companies/records',
      body: { data: { values: { name: [{ value: 'Acme' }], domains: [{ domain: 'acme.com' }], employee_range: '11-50' } } },
    });
    expect(created.structuredContent.record.values.domains).toEqual([{ domain: 'acme.com' }]);
    expect(JSON.parse(created.content[0].text)).toEqual(created.structuredContent);

    const found = await call('records_search', { resource_type: 'companies', query: 'Acme', limit: 5 });
    expect(lastCall()).toMatchObject({
      path: '/v2/objects/companies/records/query',
      body: { limit: 5, offset: 0, filter: { name: { $contains: 'Acme' } } },
    });
    expect(found.structuredContent).toMatchObject({ count: 1, limit: 5, offset: 0, records: [{ id: { record_id: id } }] });

    const read = await call('records_get_details', { resource_type: 'companies', record_id: id, fields: ['name'] });
    expect(read.structuredContent.record.values).toEqual({ name: [{ value: 'Acme' }] });

    const changed = await call('update-record', {
      resource_type: 'companies',
      record_id: id,
      record_data: { name: 'Acme Ltd' },
      return_details: false,
    });
    expect(lastCall()).toMatchObject({ method: 'PATCH', path: `/v2/objects/companies/records/${id}` });
    expect(changed.structuredContent).toEqual({ resource_type: 'companies', record_id: id });

    expect((await call('delete-record', { resource_type: 'companies', record_id: id })).structuredContent).toEqual({
      resource_type: 'companies',
      record_id: id,
      deleted: true,
    });
    expect(await call('records_get_details', { resource_type: 'companies', record_id: id })).toMatchObject({
      isError: true,
      content: [{ text: `Error: Attio answered 404 (not_found): There is nothing with the id ${id}.` }],
    });
  });

  it('are filtered', async () => {
    const condition = (slug: string, word: string, value?: unknown) => ({ attribute: { slug }, condition: word, value });
    await call('records_search', {
      resource_type: 'deals',
      filters: { filters: [condition('stage', 'contains', 'Won'), condition('value', 'gte', 10)], matchAny: true },
    });
    expect(lastCall()?.body.filter).toEqual({ $or: [{ stage: { $eq: 'Won' } }, { value: { $gte: 10 } }] });
  });

  it('have attributes', async () => {
    const all = await call('records_discover_attributes', { resource_type: 'deals' });
    expect(all.structuredContent).toMatchObject({ count: 2, attributes: [{ api_slug: 'name' }, { api_slug: 'stage' }] });
    const required = await call('records_discover_attributes', { resource_type: 'deals', categories: ['required'] });
    expect(required.structuredContent.attributes).toEqual([expect.objectContaining({ api_slug: 'name' })]);
  });
});

it('tasks have an endpoint of their own', async () => {
  const created = await call('create-record', { resource_type: 'tasks', record_data: { title: 'Call Ada' } });
  expect(lastCall()).toMatchObject({
    method: 'POST',
    path: '/v2/tasks',
    body: {
      data: {
        content: 'Call Ada',
        format: 'plaintext',
        deadline_at: null,
        is_completed: false,
        linked_records: [],
        assignees: [],
      },
    },
  });
  const id = created.structuredContent.record_id;
  await call('update-record', { resource_type: 'tasks', record_id: id, record_data: { completed: true } });
  expect(lastCall()).toMatchObject({ method: 'PATCH', path: `/v2/tasks/${id}`, body: { data: { is_completed: true } } });
  await call('records_search', { resource_type: 'tasks', limit: 3 });
  expect(lastCall()).toMatchObject({ method: 'GET', path: '/v2/tasks', query: { limit: '3', offset: '0' } });
  expect(
    (await call('records_get_details', { resource_type: 'tasks', record_id: id })).structuredContent.record.is_completed,
  ).toBe(true);
  await call('delete-record', { resource_type: 'tasks', record_id: id });
  expect(lastCall()).toMatchObject({ method: 'DELETE', path: `/v2/tasks/${id}` });
  expect((await call('records_discover_attributes', { resource_type: 'tasks' })).structuredContent.count).toBe(6);
});

it('notes are written and listed', async () => {
  const note = { resource_type: 'people', record_id: 'p1', title: 'Call', content: '**hello**', format: 'markdown' };
  await call('create-note', note);
  expect(lastCall()).toMatchObject({
    path: '/v2/notes',
    body: { data: { parent_object: 'people', parent_record_id: 'p1', title: 'Call', format: 'markdown', content: '**hello**' } },
  });
  const listed = await call('list-notes', { resource_type: 'people', record_id: 'p1' });
  expect(lastCall()?.query).toEqual({ parent_object: 'people', parent_record_id: 'p1', limit: '10', offset: '0' });
  expect(listed.structuredContent.notes).toEqual([expect.objectContaining({ title: 'Call' })]);
});

it('members of the workspace are read only', async () => {
  const found = await call('records_search', { resource_type: 'workspace_members', query: 'm@EXAMPLE' });
  expect(found.structuredContent.count).toBe(1);
  expect(await call('delete-record', { resource_type: 'workspace_members', record_id: 'm1' })).toMatchObject({ isError: true });
});

it('health-check asks Attio for nothing', async () => {
  const before = attio.calls.length;
  expect((await call('health-check')).structuredContent).toEqual({ ok: true });
  expect(attio.calls.length).toBe(before);
});

it('tools say what they do to data', async () => {
  const response = await post(worker, session.access, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const text = await response.text();
  const { tools } = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text).result;
  const named = (hint: string) =>
    tools
      .filter((tool: { annotations: Record<string, boolean> }) => tool.annotations[hint] === true)
      .map((tool: { name: string }) => tool.name);
  expect(named('destructiveHint')).toEqual(['update-record', 'delete-record']);
  expect(named('readOnlyHint')).toEqual([
    'health-check',
    'records_search',
    'records_get_details',
    'records_discover_attributes',
    'list-notes',
  ]);
  for (const tool of tools) {
    expect(tool.inputSchema).toMatchObject({ type: 'object' });
    expect(tool.outputSchema).toMatchObject({ type: 'object' });
  }
});

describe('arguments', () => {
  it.each([
    ['an unknown type', { resource_type: 'invoices' }],
    ['too many', { resource_type: 'people', limit: 101 }],
    [
      'a condition that is none',
      { resource_type: 'people', filters: { filters: [{ attribute: { slug: 'a' }, condition: 'sounds_like' }] } },
    ],
  ])('are refused before Attio is asked: %s', async (_name, args) => {
    const before = attio.calls.length;
    expect(await call('records_search', args)).toMatchObject({ isError: true });
    expect(attio.calls.length).toBe(before);
  });

  it.each(['..', 'a/b', 'a?b', ''])('are no paths: %j', async (id) => {
    const before = attio.calls.length;
    expect(await call('delete-record', { resource_type: 'people', record_id: id })).toMatchObject({ isError: true });
    expect(attio.calls.length).toBe(before);
  });
});

describe('when Attio', () => {
  const answering = (...answers: readonly Answer[]) => {
    const left = [...answers];
    attio.intercept = () => left.shift();
  };
  const search = () => call('records_search', { resource_type: 'people' });
  const textOf = (result: { content: readonly { text: string }[] }) => result.content[0]?.text;

  it('limits calls until a date, the call waits for it', async () => {
    const soon = new Date(Date.now() + 1000).toUTCString();
    answering({ ...failure(429, 'rate_limit_exceeded', 'Slow down.'), headers: { 'retry-after': soon } });
    expect((await search()).isError).toBeUndefined();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(soon));
  });

  it('limits calls for long, the date is passed on', async () => {
    const late = new Date(Date.now() + 3_600_000).toUTCString();
    answering({ ...failure(429, 'rate_limit_exceeded', 'Slow down.'), headers: { 'retry-after': late } });
    expect(textOf(await search())).toBe(`Error: Attio answered 429 (rate_limit_exceeded): Slow down. Try again after ${late}.`);
  });

  it('keeps limiting calls, three attempts are enough', async () => {
    const before = attio.calls.length;
    const limit = { ...failure(429, 'rate_limit_exceeded', 'Slow down.'), headers: { 'retry-after': '0' } };
    answering(limit, limit, limit, limit);
    expect(await search()).toMatchObject({ isError: true });
    expect(attio.calls.length).toBe(before + 3);
  });

  it.each([
    [
      'answers HTML',
      { status: 200, body: '<html>secret trace</html>' },
      'Error: Attio answered 200 with something that is no answer of its API.',
    ],
    ['fails with HTML', { status: 502, body: '<html>secret trace</html>' }, 'Error: Attio answered 502.'],
    [
      'sends calls elsewhere',
      { status: 302, headers: { location: 'https://evil.example' }, body: '' },
      'Error: Attio answered 302.',
    ],
    [
      'answers with another shape',
      { status: 200, body: { data: 'text' } },
      'Error: Attio answered with something that is no answer of its API.',
    ],
    [
      'does not allow it',
      failure(403, 'missing_scope', 'The scope note:read is missing.'),
      'Error: Attio answered 403 (missing_scope): The scope note:read is missing.',
    ],
  ])('%s, the tool says so and nothing else', async (_name, answer, text) => {
    answering(answer);
    expect(textOf(await search())).toBe(text);
  });

  it('no longer takes the token, the session is over', async () => {
    const ending = await signIn(worker);
    attio.tokens.clear();
    const result = await callTool(worker, ending.access, 'records_search', { resource_type: 'people' });
    expect(textOf(result)).toBe(
      'Error: Attio answered 401 (unauthorized): The token is not known. Its access was ended; sign in again.',
    );
    const next = await post(worker, ending.access, { jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(next.status).toBe(401);
    expect(next.headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(JSON.parse(await next.text()).error_description).toBe('The Attio token of this session is gone; sign in again');
  });
});
