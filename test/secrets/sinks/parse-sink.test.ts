import { describe, expect, it } from 'vitest';
import { parseSink } from '../../../src/secrets/sinks/parse-sink.ts';

describe('parseSink', () => {
  it.each([
    ['stdout', { to: 'stdout' }],
    ['file:out/token.json', { to: 'file', path: 'out/token.json' }],
    ['dotenv:.env', { to: 'dotenv', path: '.env' }],
    ['github:octo-org/octo.repo', { to: 'github', repo: 'octo-org/octo.repo' }],
    ['cmd:vault kv put secret/ci -', { to: 'cmd', command: 'vault kv put secret/ci -' }],
  ])('understands %s', (text, sink) => {
    expect(parseSink(text)).toEqual({ ok: true, sink });
  });

  it.each(['github:octo', 'github:-x/y', 'github:a/b/c', 'github:a/..', 'github:a/-b', 'file:', 'dotenv: ', 'cmd:', '', '.env'])(
    'refuses %j with what is right',
    (text) => {
      expect(parseSink(text)).toMatchObject({ ok: false, error: expect.stringMatching(/:/) });
    },
  );

  it('guesses what was meant', () => {
    expect(parseSink('dotnev:.env')).toMatchObject({ error: expect.stringContaining('did you mean dotenv?') });
    expect(parseSink('stdoutt')).toMatchObject({ error: expect.stringContaining('did you mean stdout?') });
  });
});
