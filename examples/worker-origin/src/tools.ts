import { callApi } from './api.ts';

export type Arguments = Readonly<Record<string, unknown>>;
export type Tool = {
  readonly description: string;
  readonly properties: Readonly<Record<string, { readonly type: 'string'; readonly description: string }>>;
  readonly annotations: { readonly readOnlyHint: boolean };
  /** Gives text for the client. Throws an `Error` whose message a person may read. */
  run(given: Readonly<Record<string, string>>): Promise<string>;
};
export type Tools = ReadonlyMap<string, Tool>;

const id = { type: 'string', description: 'The id of the section, as list_sections gives it.' } as const;
const sections = '/api/presentation/sections/';
const sectionPath = (section: string): string => `${sections}${encodeURIComponent(section)}/`;

/** The API as tools. A tool that changes something says so: a portal can leave it out. */
export const toolsFor = (apiUrl: string): Tools =>
  new Map<string, Tool>([
    [
      'list_sections',
      {
        description: 'List the sections of the presentation.',
        properties: {},
        annotations: { readOnlyHint: true },
        run: () => callApi(apiUrl, { path: sections }),
      },
    ],
    [
      'get_section',
      {
        description: 'Read one section.',
        properties: { id },
        annotations: { readOnlyHint: true },
        run: ({ id: section = '' }) => callApi(apiUrl, { path: sectionPath(section) }),
      },
    ],
    [
      'update_section',
      {
        description: 'Replace the text of one section.',
        properties: { id, text: { type: 'string', description: 'The new text.' } },
        annotations: { readOnlyHint: false },
        run: ({ id: section = '', text }) => callApi(apiUrl, { path: sectionPath(section), method: 'PUT', body: { text } }),
      },
    ],
  ]);
