import { BlockList, isIPv4 } from 'node:net';
import { objects, text } from '../check.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { ApplicationRow, PolicyRow, SandboxState } from '../state.ts';
import type { Identity } from './identity.ts';

/**
 * Whether an application's policies let somebody in: Service Auth and bypass are looked at first, then allow and
 * deny by precedence. Of a service token only the first two count, as strict mode has it.
 */
export const isAdmitted = (state: SandboxState, application: ApplicationRow | undefined, who: Identity): boolean => {
  if (application === undefined) return false;
  const policies = application.policies.flatMap(({ id }) => state.policies.find((policy) => policy.id === id) ?? []);
  const open = policies.filter(
    ({ body }) => body['decision'] === 'bypass' || (body['decision'] === 'non_identity' && who.is === 'token'),
  );
  if (open.some((policy) => fits(state, policy, who))) return true;
  if (who.is === 'token') return false;
  const decisive = policies.find((policy) => /^(allow|deny)$/.test(text(policy.body['decision'])) && fits(state, policy, who));
  return decisive?.body['decision'] === 'allow';
};

/** One of `include`, all of `require`, none of `exclude`. */
const fits = (state: SandboxState, { body }: Pick<PolicyRow, 'body'>, who: Identity): boolean => {
  const says = (rule: JsonObject): boolean => matches(state, rule, who);
  return objects(body['include']).some(says) && objects(body['require']).every(says) && !objects(body['exclude']).some(says);
};

/** What the simulator cannot know of anybody (a device, a country) is not so. */
const matches = (state: SandboxState, rule: JsonObject, who: Identity): boolean => {
  const [selector = '', content] = Object.entries(rule)[0] ?? [];
  const said = (name: string): string => (isObject(content) ? text(content[name]) : '');
  const email = who.is === 'person' ? who.email.toLowerCase() : '';
  switch (selector) {
    case 'everyone':
      return true;
    case 'email':
      return email !== '' && email === said('email').toLowerCase();
    case 'email_domain':
      return email !== '' && email.endsWith(`@${said('domain').toLowerCase()}`);
    case 'service_token':
      return who.is === 'token' && who.tokenId === said('token_id');
    case 'any_valid_service_token':
      return who.is === 'token';
    case 'ip':
      return isWithin(who.address, said('ip'));
    case 'login_method':
      return who.is === 'person' && state.identity_providers.some(({ id }) => id === said('id'));
    case 'group':
      return inGroup(state, content, who);
    default:
      return false;
  }
};

const inGroup = (state: SandboxState, content: Json | undefined, who: Identity): boolean => {
  const group = state.groups.find(({ id }) => isObject(content) && id === content['id']);
  // The API lets groups mention each other in a circle: without this one, nobody is in it.
  return group !== undefined && fits({ ...state, groups: state.groups.filter((each) => each !== group) }, group, who);
};

const isWithin = (address: string, network: string): boolean => {
  const [base = '', bits = ''] = network.split('/');
  const plain = address.replace(/^::ffff:/, '');
  const type = (ip: string): 'ipv4' | 'ipv6' => (isIPv4(ip) ? 'ipv4' : 'ipv6');
  const list = new BlockList();
  list.addSubnet(base, Number(bits), type(base));
  return type(plain) === type(base) && list.check(plain, type(plain));
};
