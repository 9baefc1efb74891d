import { didYouMean } from '../../lib/did-you-mean.ts';

/** Where a secret goes, understood. */
export type SinkSpec =
  | { readonly to: 'stdout' }
  | { readonly to: 'file'; readonly path: string }
  | { readonly to: 'dotenv'; readonly path: string }
  | { readonly to: 'github'; readonly repo: string }
  | { readonly to: 'cmd'; readonly command: string };
export type ParsedSink = { readonly ok: true; readonly sink: SinkSpec } | { readonly ok: false; readonly error: string };

const forms = 'stdout, file:PATH, dotenv:PATH, github:OWNER/REPO, or cmd:COMMAND';
const repository = /^[A-Za-z0-9][A-Za-z0-9-]*\/(?!\.{1,2}$)[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;

/** Understands a sink as options and `out:` write it, or says in a sentence what is wrong with it. */
export function parseSink(text: string): ParsedSink {
  if (text === 'stdout') return { ok: true, sink: { to: 'stdout' } };
  const [, scheme = '', rest = ''] = /^([A-Za-z]+):([^]*)$/.exec(text) ?? [];
  const empty = rest.trim() === '';
  switch (scheme) {
    case 'file':
    case 'dotenv':
      return empty
        ? wrong(`${scheme}: takes a path, such as ${scheme}:${scheme === 'file' ? 'token.json' : '.env'}`)
        : { ok: true, sink: { to: scheme, path: rest } };
    case 'github':
      return repository.test(rest)
        ? { ok: true, sink: { to: 'github', repo: rest } }
        : wrong('github: takes OWNER/REPO, such as github:octo-org/octo-repo');
    case 'cmd':
      return empty
        ? wrong('cmd: takes a command that reads the secret as JSON on its standard input')
        : { ok: true, sink: { to: 'cmd', command: rest } };
    default:
      return wrong(`a place for the secret is needed: ${forms}${suggestion(scheme === '' ? text : scheme)}`);
  }
}

const wrong = (error: string): ParsedSink => ({ ok: false, error });

function suggestion(word: string): string {
  const meant = didYouMean(word, ['stdout', 'file', 'dotenv', 'github', 'cmd']);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}
