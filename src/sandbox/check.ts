import { isList, isObject, type Json, type JsonObject } from './json.ts';
import { invalid } from './refusal.ts';

/** What a member must be. `required` members must be said; the others may be absent or null. */
type Member = {
  readonly type: 'string' | 'boolean' | 'number' | 'array' | 'object';
  readonly required?: true;
  readonly max?: number;
  readonly oneOf?: readonly string[];
};
export type Members = { readonly [name: string]: Member };

/** Checks a body's members. Throws the product's validation refusal (400, `code`) at the first that is wrong. */
export const checkMembers = (body: JsonObject, members: Members, code: number): void => {
  for (const [name, member] of Object.entries(members)) {
    const value = body[name] ?? undefined;
    if (value === undefined) {
      if (member.required) throw invalid(code, `${name}: Required`);
      continue;
    }
    if (typeOf(value) !== member.type) throw invalid(code, `${name}: Expected ${member.type}, received ${typeOf(value)}`);
    if (typeof value === 'string') checkText(name, value, { member, code });
  }
};

const typeOf = (value: Json): string => (Array.isArray(value) ? 'array' : typeof value);

const checkText = (name: string, value: string, { member, code }: { member: Member; code: number }): void => {
  if (member.required && value === '') throw invalid(code, `${name}: String must contain at least 1 character(s)`);
  if (member.max !== undefined && value.length > member.max) {
    throw invalid(code, `${name}: String must contain at most ${member.max} character(s)`);
  }
  if (member.oneOf !== undefined && !member.oneOf.includes(value)) {
    throw invalid(code, `${name}: Invalid enum value. Expected ${member.oneOf.map((each) => `'${each}'`).join(' | ')}`);
  }
};

/** A member that is text, else the default. */
export const text = (value: Json | undefined, initial = ''): string => (typeof value === 'string' ? value : initial);

/** A member that is true or false, else the default. */
export const flag = (value: Json | undefined, initial = false): boolean => (typeof value === 'boolean' ? value : initial);

/** The objects of a member that is a list. */
export const objects = (value: Json | undefined): readonly JsonObject[] => (isList(value) ? value.filter(isObject) : []);

/** The texts of a member that is a list. */
export const texts = (value: Json | undefined): readonly string[] =>
  isList(value) ? value.filter((each) => typeof each === 'string') : [];

/** A number, a switch or a text as text; nothing else has one. */
export const spelled = (value: Json | undefined): string =>
  value === null || value === undefined || typeof value === 'object' ? '' : String(value);
