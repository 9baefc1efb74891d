/** Which option of a command a field of the request is; `many` takes a text or a list. */
export type CallField = { readonly option: string; readonly many?: true; readonly words?: Readonly<Record<string, string>> };

/** One word of a request's `command`: the program's command behind it, and how fields become its options. */
export type CallSpec = {
  readonly command: string;
  /** The fields that name what the call is about, the first that is there; they become the first argument. */
  readonly subject: readonly string[];
  readonly needsSubject: boolean;
  readonly fields: Readonly<Record<string, CallField>>;
  /** The member of the command's document that is the result; without one the result is what was changed. */
  readonly answer?: string;
};

const text = (option: string): CallField => ({ option });
const many = (option: string): CallField => ({ option, many: true });

/** The toolbox's word for a server that asks for nothing. */
const auth: CallField = { option: 'auth', words: { unauthenticated: 'none' } };

const serverFields = {
  name: text('name'),
  url: text('url'),
  hostname: text('url'),
  description: text('description'),
  auth_type: auth,
  auth,
  auth_secret: many('auth-secret'),
  portal: many('portal'),
  portals: many('portal'),
  policy: many('policy'),
  policies: many('policy'),
};

const portalFields = {
  name: text('name'),
  hostname: text('hostname'),
  description: text('description'),
  server: many('server'),
  servers: many('server'),
  policy: many('policy'),
  policies: many('policy'),
};

const server = { subject: ['id', 'server_id'], needsSubject: true, fields: {} } as const;
const portal = { subject: ['id', 'portal_id'], needsSubject: true, fields: {} } as const;

/** What `call` understands: the toolbox's commands, and those that go with them. */
export const calls: Readonly<Record<string, CallSpec>> = {
  list_servers: { command: 'list-servers', subject: [], needsSubject: false, fields: {}, answer: 'servers' },
  list_portals: { command: 'list-portals', subject: [], needsSubject: false, fields: {}, answer: 'portals' },
  get_portal: { ...portal, command: 'get-portal', answer: 'portal' },
  add_server: { ...server, command: 'add-server', needsSubject: false, fields: serverFields },
  update_server: { ...server, command: 'update-server', fields: serverFields },
  sync_server: { ...server, command: 'sync-server' },
  remove_server: { ...server, command: 'remove-server' },
  create_portal: { ...portal, command: 'create-portal', needsSubject: false, fields: portalFields },
  update_portal: { ...portal, command: 'update-portal', fields: portalFields },
  update_portal_servers: { ...portal, command: 'update-portal', fields: { servers: many('server') } },
  remove_portal: { ...portal, command: 'remove-portal' },
  verify_portal: { ...portal, command: 'verify' },
};
