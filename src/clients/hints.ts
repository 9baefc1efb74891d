import type { Wanted } from './client.ts';

/** What there is to say about a client in a certain case; empty where it does not apply. */
export type Hint = (wanted: Wanted) => readonly string[];

export const always =
  (text: string): Hint =>
  () => [text];

export const withToken =
  (text: string): Hint =>
  ({ serviceToken }) =>
    serviceToken ? [text] : [];

export const withLogin =
  (text: string): Hint =>
  ({ serviceToken }) =>
    serviceToken ? [] : [text];

/** All of them, in order. */
export const hints =
  (...each: readonly Hint[]): Hint =>
  (wanted) =>
    each.flatMap((hint) => hint(wanted));

/** Without a service token people sign in through the portal's managed OAuth. */
const managedOauth = 'People sign in through managed OAuth: the portal needs `access: { oauth: { enabled: true } }`';

/** Clients that are called back on a port of the same machine. */
export const signsInLocally = withLogin(
  `${managedOauth}. Where its dynamic_client_registration is restricted, leave allow_any_on_localhost and allow_any_on_loopback on, or the sign-in works and no tools appear.`,
);

/** Clients that are called back on an address of their own. */
export const signsInAt = (...addresses: readonly string[]): Hint =>
  withLogin(`${managedOauth} with ${addresses.join(' and ')} in dynamic_client_registration.allowed_uris.`);

export const readsEnvironment = withToken(
  'Set CF_ACCESS_CLIENT_ID and CF_ACCESS_CLIENT_SECRET in the environment that the client starts in.',
);

export const replaceByHand = withToken(
  'The client does not look variables up here: put the real values in the place of ${CF_ACCESS_CLIENT_ID} and ${CF_ACCESS_CLIENT_SECRET}, and keep the file to yourself.',
);

export const needsNode = always('Node.js has to be installed: npx fetches mcp-remote on the first start.');

export const fillsEnv = withToken(
  'Put the real values into `env`. To keep them out of the file: `--header-file FILE` instead of both `--header`, with a `Name: value` in each line of a file that only you can read.',
);
