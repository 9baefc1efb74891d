import { kinds } from '../kinds/index.ts';
import { codes } from '../spec/codes.ts';
import { documentJsonSchema } from '../spec/json-schema.ts';
import { cleaned } from './clean.ts';
import type { Desk } from './desk.ts';
import { planFacts } from './plan-answers.ts';

/** A text that clients can read. */
export type Resource = {
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly mimeType: string;
  read(desk: Desk): Promise<string>;
};

export const resources: readonly Resource[] = [
  {
    uri: 'mcpportal://document',
    name: 'document',
    description: 'The portal.yaml that this server works with.',
    mimeType: 'application/yaml',
    read: async ({ bench }) => (await bench.documentText()) ?? '# There is no portal.yaml yet.\nversion: 1\n',
  },
  {
    uri: 'mcpportal://schema',
    name: 'schema',
    description: 'The JSON Schema of the document, with every field of every kind.',
    mimeType: 'application/schema+json',
    read: async () => JSON.stringify(documentJsonSchema(kinds.flatMap((kind) => kind.section ?? []))),
  },
  {
    uri: 'mcpportal://plan/last',
    name: 'last-plan',
    description: 'The plan that was made last.',
    mimeType: 'application/json',
    read: async ({ plans }) => {
      const last = plans.last();
      return JSON.stringify(last === undefined ? { status: 'none' } : cleaned({ ...planFacts(last), untrusted: true }));
    },
  },
  {
    uri: 'mcpportal://lint-codes',
    name: 'lint-codes',
    description: 'What the codes of diagnostics mean.',
    mimeType: 'application/json',
    read: async () => JSON.stringify(codes),
  },
];
