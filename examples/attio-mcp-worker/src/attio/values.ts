import * as z from 'zod';
import type { AttioObject } from './shapes.ts';

/**
 * A record's values in the form that Attio takes: `{ domains: 'acme.com' }` becomes
 * `{ domains: [{ domain: 'acme.com' }] }`. Attributes that are not known here pass as they are, and
 * so does what is in Attio's form already. `data` may have its values one level down, as in Attio's answers.
 */
export function asValues(slug: string, data: AttioObject): AttioObject {
  const inner = z.record(z.string(), z.unknown()).safeParse(data['values']).data ?? data;
  return Object.fromEntries(Object.entries(inner).map(([attribute, value]) => [attribute, shaped(slug, attribute, value)]));
}

type Shape = (value: string) => AttioObject;

const shapes: Readonly<Record<string, Shape>> = {
  name: (value) => ({ value }),
  description: (value) => ({ value }),
  job_title: (value) => ({ value }),
  domains: (domain) => ({ domain }),
  email_addresses: (email) => ({ email_address: email }),
  primary_email_address: (email) => ({ email_address: email }),
  phone_numbers: (phone) => ({ original_phone_number: internationalNumber(phone) }),
  owner: actor,
  assignee: actor,
};

function shaped(slug: string, attribute: string, value: unknown): unknown {
  const shape = slug === 'people' && attribute === 'name' ? personName : shapes[attribute];
  if (shape === undefined) return value;
  const entries = Array.isArray(value) ? value : [value];
  return entries.every((entry) => typeof entry === 'string') ? entries.map(shape) : value;
}

/** "Lovelace, Ada" and "Ada Lovelace" are the same person. */
function personName(text: string): AttioObject {
  const [last, first] = text.includes(',') ? text.split(',', 2) : turned(text);
  const [firstName, lastName] = [first?.trim() ?? '', last?.trim() ?? ''];
  return { first_name: firstName, last_name: lastName, full_name: `${firstName} ${lastName}`.trim() };
}

function turned(text: string): readonly [string, string] {
  const words = text.trim().split(/\s+/);
  return [words.slice(1).join(' '), words[0] ?? ''];
}

/** E.164, as far as that takes no guessing: `+49 (30) 123-45` becomes `+493012345`, `0049…` becomes `+49…`. */
function internationalNumber(text: string): string {
  const digits = text.replace(/^\s*00/, '+').replace(/[\s().\-/]/g, '');
  return /^\+\d{5,15}$/.test(digits) ? digits : text;
}

/** A member of the workspace, by id; anything else, such as an e-mail address, Attio looks up itself. */
function actor(value: string): AttioObject {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
  return isId
    ? { referenced_actor_type: 'workspace-member', referenced_actor_id: value }
    : { workspace_member_email_address: value };
}
