import { accessPolicyIntent } from './access-policy.ts';
import { flag, input, text, texts } from './arguments.ts';
import { applicationIntent, applicationWarnings } from './application.ts';
import { idFact, tokenFacts } from './bound-facts.ts';
import { change } from './change.ts';
import type { Desk } from './desk.ts';
import { recordWish } from './record.ts';
import { changing, textIn, type Tool } from './tool.ts';
import { workerWish } from './worker.ts';
import { createToken } from '../verbs/service-tokens.ts';

const rules = { type: 'array', items: { type: 'object' } } as const;

/** Single steps under the names, and with the arguments, that existing instructions for assistants use. */
export const cloudflareTools = (desk: Desk): readonly Tool[] => [
  {
    name: 'cloudflare_create_service_token',
    description: 'Make an Access service token. Its secret goes to the place in `credentials`, never into the result.',
    ...common,
    input: input({ name: text(), duration: text('Such as 8760h.') }, ['name']),
    run: (args, call) => {
      const words = { name: textIn(args, 'name'), duration: textIn(args, 'duration') || undefined };
      const wish = { title: `create service token ${words.name}`, base: { is: 'nothing' } } as const;
      return change({ ...wish, intend: (around) => createToken(words, around) }, { call, desk, facts: tokenFacts });
    },
  },
  {
    name: 'cloudflare_create_access_application',
    description: 'Make an Access application for a hostname. For a portal or server use their put tools.',
    ...common,
    input: input(
      {
        name: text(),
        domain: text(),
        type: text(),
        session_duration: text(),
        cors_headers: { type: 'object' },
        policies: texts(),
        allowed_idps: texts(),
        app_launcher_visible: flag(),
        service_auth_401_redirect: flag(),
      },
      ['name', 'domain'],
    ),
    run: (args, call) => {
      const intent = applicationIntent(args);
      const title = `create Access application ${String(args['name'])}`;
      const wish = { title, base: { is: 'nothing' }, intend: async () => intent, warnings: applicationWarnings(args) } as const;
      return change(wish, { call, desk, facts: idFact('application', 'app_id') });
    },
  },
  {
    name: 'cloudflare_add_access_policy',
    description: 'Add a policy to an Access application. Rules as the API writes them.',
    ...common,
    input: input(
      {
        app_id: text(),
        name: text(),
        decision: text(),
        include: rules,
        require: rules,
        exclude: rules,
        precedence: { type: 'integer' },
        session_duration: text(),
      },
      ['app_id', 'name', 'decision', 'include'],
    ),
    run: (args, call) => {
      const title = `add policy ${String(args['name'])} to application ${String(args['app_id'])}`;
      const facts = { app_id: String(args['app_id']) };
      const wish = { title, base: { is: 'nothing' }, intend: accessPolicyIntent(args) } as const;
      return change(wish, { call, desk, facts: (draft, done) => ({ ...facts, ...idFact('policy', 'policy_id')(draft, done) }) });
    },
  },
  {
    name: 'cloudflare_create_dns_record',
    description: 'Make a DNS record.',
    ...common,
    input: input(
      {
        zone_name: text(),
        type: text(),
        name: text('Full, or short within the zone.'),
        content: text(),
        proxied: flag(),
        ttl: { type: ['integer', 'string'] },
        comment: text(),
      },
      ['zone_name', 'type', 'name', 'content'],
    ),
    run: (args, call) => change(recordWish(args), { call, desk, facts: idFact('dns_record', 'record_id') }),
  },
  {
    name: 'cloudflare_deploy_worker',
    description:
      'Deploy a Worker from one ES module. In bindings an id of 32 hex digits is a KV namespace, any other text a secret (or env:NAME).',
    ...common,
    input: input(
      {
        name: text(),
        script: text(),
        bindings: { type: 'object', additionalProperties: { type: 'string' } },
        compatibility_date: text(),
      },
      ['name', 'script'],
    ),
    run: (args, call) => change(workerWish(args), { call, desk, facts: idFact('worker', 'worker') }),
  },
];

const common = { toolset: 'cloudflare', changes: true, hints: changing } as const;
