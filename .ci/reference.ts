import * as z from 'zod/mini';
import { programHelp } from '../src/cli/help.ts';
import { commandGroups } from '../src/commands/index.ts';
import type { Section } from '../src/engine/kind.ts';
import { kinds } from '../src/kinds/index.ts';
import { commonSettings, hostSettings } from '../src/kinds/access/app-schema.ts';
import { overridesSchema } from '../src/kinds/mcp/overrides.ts';
import { codes } from '../src/spec/codes.ts';
import { ruleSchema } from '../src/kinds/access/rule-schema.ts';

/** The README with its generated parts made anew: each stands between a pair of markers. `transcript` is a run of the wizard. */
export const withReference = (readme: string, transcript: string): string =>
  [
    { name: 'document', text: documentReference() },
    { name: 'commands', text: commandReference() },
    { name: 'codes', text: codeReference() },
    { name: 'init', text: fenced(transcript) },
  ].reduce(replacePart, readme);

function replacePart(readme: string, { name, text }: { readonly name: string; readonly text: string }): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- /generated: ${name} -->`];
  const [before, rest, more] = readme.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || more !== undefined)
    throw new Error(`the README needs ${start} … ${end}, once`);
  return `${before}${start}\n\n${text}\n\n${end}${after}`;
}

/** A table of each group of commands, and what the program's help says beside them. */
function commandReference(): string {
  const help = programHelp(commandGroups, '').split('Options of every command:')[1] ?? '';
  const tables = commandGroups.map(({ title, commands }) => {
    const rows = commands
      .filter((command) => command.hidden !== true)
      .map(({ name, summary, examples }) => `| \`${name}\` | ${cell(summary)} | \`${cell(examples[0] ?? '')}\` |`);
    return [`**${title}**`, '', '| command | does | for example |', '|---|---|---|', ...rows].join('\n');
  });
  return [...tables, fenced(`Options of every command:${help}`.trimEnd())].join('\n\n');
}

/** What every finding's code means. */
const codeReference = (): string =>
  ['| code | means |', '|---|---|', ...Object.entries(codes).map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`)].join(
    '\n',
  );

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

type Json = { readonly [key: string]: unknown };

/** Fields that several places share: described once, and linked to. */
const fragments = [
  { title: 'Rules', words: 'rule', lead: 'A rule has exactly one of these keys.', schema: jsonOf(ruleSchema()) },
  {
    title: 'Access settings',
    words: 'Access settings',
    lead: 'Settings of every Access application: `access:` of a server or a portal, and `applications:`.',
    schema: jsonOf(z.strictObject(commonSettings())),
  },
  {
    title: 'Hostname settings',
    words: 'hostname settings',
    lead: 'Further settings of Access applications that have a hostname: `access:` of a portal, and `applications:`.',
    schema: jsonOf(z.strictObject(hostSettings())),
  },
  {
    title: 'Tool settings',
    words: 'tool settings',
    lead: 'What a server, or its link in a portal, says about one tool or prompt. `true` and `false` are short for `{ enabled: … }`.',
    schema:
      formsOf(jsonOf(overridesSchema()))
        .flatMap(({ additionalProperties: each }) => (isJson(each) ? formsOf(each) : []))
        .find((form) => form['properties'] !== undefined) ?? {},
  },
] as const;

type Fragment = (typeof fragments)[number];

function documentReference(): string {
  const sections = kinds.flatMap((kind) => kind.section ?? []).map(sectionReference);
  const shared = fragments.map(({ title, lead, schema }) => `### ${title}\n\n${lead}\n\n${table(rowsOf(schema, { skip: [] }))}`);
  return [...sections, ...shared].join('\n\n');
}

function sectionReference({ name, shape, schema }: Section): string {
  const entry = jsonOf(schema());
  const uses = fragmentsIn(entry);
  const lead = shape === 'list' ? 'A list of entries.' : 'A map from your key to an entry.';
  const more = uses.length === 0 ? '' : ` Its entries also take the ${uses.map(link).join(' and the ')}.`;
  return `### ${name}\n\n${lead}${more}\n\n${table(rowsOf(entry, { skip: uses }))}`;
}

type Row = { readonly path: string; readonly type: string; readonly meaning: string };

/** One row for each field that the fragments in `skip` do not describe, with the fields inside it below. */
function rowsOf(
  schema: Json,
  { skip, prefix = '' }: { readonly skip: readonly Fragment[]; readonly prefix?: string },
): readonly Row[] {
  const described = new Set(skip.flatMap((fragment) => Object.keys(propertiesOf(fragment.schema))));
  const fields = Object.entries(propertiesOf(schema)).filter(([name]) => !described.has(name));
  return fields.flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const meaning = [field, ...formsOf(field)].map((form) => form['description']).find((text) => typeof text === 'string') ?? '';
    return [{ path, type: typeOf(field), meaning }, ...formsOf(field).flatMap((form) => rowsInside(form, path))];
  });
}

/** The fields of an object, or of the objects that a map leads to. */
function rowsInside(form: Json, path: string): readonly Row[] {
  const each = form['additionalProperties'];
  if (isJson(each)) return formsOf(each).flatMap((inner) => rowsInside(inner, `${path}.*`));
  return rowsOf(form, { skip: fragmentsIn(form), prefix: `${path}.` });
}

/** What may stand there, in words. */
function typeOf(schema: Json): string {
  const words = formsOf(schema).map(typeOfForm);
  return [...new Set(words)].join(' or ');
}

function typeOfForm(form: Json): string {
  const uses = fragmentsIn(form);
  if (uses.length > 0) return uses.map(link).join(' and ');
  const { enum: values, const: only, items, additionalProperties: each } = form;
  const type = [form['type']].flat().find((word) => word !== 'null');
  if (Array.isArray(values)) return values.map((value) => `\`${value === '' ? '""' : String(value)}\``).join(', ');
  if (only !== undefined) return `\`${typeof only === 'string' ? only : JSON.stringify(only)}\``;
  if (type === 'array') return `list of ${isJson(items) ? typeOf(items) : 'anything'}`;
  if (form['properties'] !== undefined) return 'the fields below';
  if (type === 'object') return `map to ${isJson(each) ? typeOf(each) : 'anything'}`;
  return scalars[String(type)] ?? 'anything';
}

const scalars: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: '`true`, `false`',
  integer: 'number',
  number: 'number',
};

/** The forms that a value may have. `null`, which clears, is said once for all fields. */
function formsOf(schema: Json): readonly Json[] {
  const { anyOf } = schema;
  const forms = Array.isArray(anyOf) ? anyOf.filter(isJson).flatMap(formsOf) : [schema];
  return forms.filter((form) => form['type'] !== 'null');
}

function fragmentsIn(schema: Json): readonly Fragment[] {
  const own = propertiesOf(schema);
  return fragments.filter((fragment) => Object.keys(propertiesOf(fragment.schema)).every((name) => name in own));
}

const link = ({ title, words }: Fragment): string => `[${words}](#${title.toLowerCase().replaceAll(' ', '-')})`;

function propertiesOf(schema: Json): { readonly [name: string]: Json } {
  const { properties } = schema;
  if (!isJson(properties)) return {};
  return Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Json] => isJson(entry[1])));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(schema: z.core.$ZodType): Json {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) };
}

const table = (rows: readonly Row[]): string =>
  [
    '| field | value | meaning |',
    '|---|---|---|',
    ...rows.map(({ path, type, meaning }) => `| \`${path}\` | ${cell(type)} | ${cell(meaning)} |`),
  ].join('\n');

/** A bar would end the cell, and `<` would start a tag. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
