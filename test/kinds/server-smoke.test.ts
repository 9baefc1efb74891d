import { expect, it } from 'vitest';
import { runSandbox } from '../support/run-sandbox.ts';
it('smoke', async () => {
  const run = runSandbox();
  const yaml = `
version: 1
service_tokens: { ci: { out: stdout } }
policies: { people: { decision: allow, include: [{ email: a@example.com }] } }
servers:
  a: { url: https://a.example.com/mcp, access: { policies: [people] } }
portals:
  p: { hostname: mcp.example.com, servers: [a], access: { policies: [people] }, service_tokens: [ci] }
`;
  const applied = await run.apply(yaml);
  console.log(applied.lines, applied.outcomes, applied.kept, applied.requests.map((r) => `${r.method} ${r.path}?${r.query} ${r.status}`));
  const again = await run.plan(yaml);
  console.log(again.lines, again.requests.map((r) => `${r.method} ${r.path}?${r.query}`));
  expect(again.lines).toEqual([]);
});
