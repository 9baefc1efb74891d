import { isPlain, memberOf } from '../../engine/values.ts';
import { hostnameIn } from '../dns/gateway.ts';
import { asList } from './fragments.ts';
import { text, type LintRule } from './lint-rule.ts';
import { canonicalHostname } from './network.ts';
import { marksOf } from './section-marks.ts';

/** What to look at in the entries of `policies:` and `applications:`. */
export const accessRules: readonly LintRule[] = [
  {
    code: 'MCP006',
    section: 'applications',
    check: ({ key, value }, document) => {
      const domain = text(value['domain']);
      const [host = ''] = domain.split('/');
      const portal = document
        .entries('portals')
        .find((other) => marksOf(other.value).absent !== true && hostnameIn(other.value) === canonicalHostname(host));
      const at = ['domain'];
      if (portal !== undefined)
        return {
          message: `applications.${key} stands before the hostname of portals.${portal.key}, which needs an application of its own type`,
          hint: `say access: in portals.${portal.key} instead`,
          at,
        };
      if (!isNamedPortal(`${key} ${text(value['name'])}`, domain)) return undefined;
      return {
        message: `applications.${key}: an application of type self_hosted protects a website, and makes no MCP portal`,
        hint: 'an entry of portals: makes the portal and its application',
        at,
      };
    },
  },
  {
    code: 'MCP011',
    section: 'policies',
    check: ({ key, value }) => {
      if (value['decision'] !== 'allow' || !isForEveryone(value)) return undefined;
      return {
        message: `policies.${key} lets in everyone who can log in at all`,
        hint: 'name emails, domains or groups',
        at: ['include'],
      };
    },
  },
  {
    code: 'MCP012',
    section: 'policies',
    check: ({ key, value }) => {
      if (value['decision'] !== 'bypass' || isForEveryone(value)) return undefined;
      return {
        message: `policies.${key}: bypass turns Access off, without a login and without logs`,
        hint: 'use allow, or service_auth for bots',
        at: ['decision'],
      };
    },
  },
  {
    code: 'MCP013',
    section: 'policies',
    check: ({ key, value }) => {
      const isForPeople = value['decision'] === 'allow' || value['decision'] === 'deny';
      if (!isForPeople || !['service_token', 'any_valid_service_token'].some((word) => has(value['include'], word)))
        return undefined;
      return {
        message: `policies.${key}: service tokens are matched by policies with decision: service_auth only`,
        hint: 'make a policy of their own for bots',
        at: ['decision'],
      };
    },
  },
  {
    code: 'MCP014',
    section: 'policies',
    check: ({ key, value }) => {
      if (value['decision'] !== 'bypass' || !isForEveryone(value)) return undefined;
      return {
        message: `policies.${key}: bypass for everyone opens what it is used for to the whole internet, without a login and without logs`,
        hint: 'use allow with emails, domains or groups, or service_auth for bots',
        at: ['include'],
      };
    },
  },
];

/** An application that is called an MCP portal, or a portal whose path is the one of MCP endpoints. */
const isNamedPortal = (names: string, domain: string): boolean =>
  /portal/i.test(names) && (/mcp/i.test(names) || /\/mcp\/?$/.test(domain));

/** Everyone is included, and nothing else is required of them. */
const isForEveryone = ({ include, require }: { readonly [field: string]: unknown }): boolean =>
  has(include, 'everyone') && asList(require ?? []).length === 0;

/** Whether one of the rules is of this kind, in the document's words or in the API's, which are the same for these. */
const has = (rules: unknown, word: string): boolean =>
  asList(rules ?? []).some((rule) => isPlain(rule) && (rule[word] !== undefined || memberOf(rule['raw'], word) !== undefined));
