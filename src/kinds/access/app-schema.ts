import * as z from 'zod/mini';
import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { looksLikeId } from '../../engine/names.ts';
import { didYouMean } from '../../lib/did-you-mean.ts';
import { described, duration, once, wholeNumber } from '../document/fragments.ts';
import { mistake, warning } from '../document/findings.ts';
import { suggestion } from './rule-schema.ts';

const text = once(() => z.nullish(z.string()));
const flag = once(() => z.optional(z.boolean()));
const list = once(() => z.array(z.string()));
const texts = once(() => z.nullish(list()));
const someTexts = once(() => z.optional(list()));

const oauthSchema = () =>
  described(
    z.strictObject({
      enabled: flag(),
      dynamic_client_registration: z.optional(registrationSchema()),
      grant: z.optional(
        z.strictObject({ access_token_lifetime: z.optional(duration()), session_duration: z.optional(duration()) }),
      ),
    }),
    'Managed OAuth of the Access application.',
  );

const registrationSchema = () =>
  z.strictObject({
    enabled: flag(),
    allow_any_on_localhost: flag(),
    allow_any_on_loopback: flag(),
    allowed_uris: described(z.optional(list()), 'Redirect addresses that may register; an https one may end in /*.'),
  });

const corsSchema = () =>
  z.strictObject({
    allowed_origins: someTexts(),
    allowed_methods: someTexts(),
    allowed_headers: someTexts(),
    allow_all_origins: flag(),
    allow_all_methods: flag(),
    allow_all_headers: flag(),
    allow_credentials: flag(),
    max_age: z.optional(wholeNumber(-1, 86_400)),
  });

/** Settings that every Access application takes. */
export const commonSettings = once(() => ({
  policies: described(z.nullish(list()), 'Keys in policies, or ids; the order is the precedence.'),
  session_duration: z.nullish(duration()),
  allowed_idps: described(z.nullish(list()), 'Ids of identity providers; empty means all.'),
  auto_redirect_to_identity: flag(),
  oauth: z.nullish(oauthSchema()),
  tags: texts(),
  logo_url: text(),
  custom_deny_message: text(),
  custom_deny_url: text(),
  custom_non_identity_deny_url: text(),
  custom_pages: texts(),
  http_only_cookie_attribute: flag(),
  same_site_cookie_attribute: z.nullish(z.enum(['none', 'lax', 'strict', ''])),
  allow_authenticate_via_warp: flag(),
}));

/** Settings of applications with a hostname of their own (not of type `mcp`: the API refuses them there, Q32). */
export const hostSettings = once(() => ({
  app_launcher_visible: flag(),
  service_auth_401_redirect: described(
    z.optional(z.boolean()),
    'Answer 401 instead of a redirect to the login page to requests without an identity.',
  ),
  skip_interstitial: flag(),
  enable_binding_cookie: flag(),
  path_cookie_attribute: flag(),
  allow_iframe: flag(),
  read_service_tokens_from_header: text(),
  cors: z.nullish(corsSchema()),
}));

type Settings = {
  readonly policies?: readonly string[] | null | undefined;
  readonly allowed_idps?: readonly string[] | null | undefined;
  readonly auto_redirect_to_identity?: boolean | undefined;
  readonly cors?: z.infer<ReturnType<typeof corsSchema>> | null | undefined;
};
type Spot = {
  readonly entry: Pick<Entry, 'at' | 'section' | 'key'>;
  readonly document: Sections;
  readonly path: readonly (string | number)[];
};

/** Policies that the document does not have, and settings that cannot work together. */
export const checkSettings = (settings: Settings, spot: Spot): readonly Finding[] => [
  ...checkPolicies(settings.policies ?? [], spot),
  ...checkRedirect(settings, spot),
  ...(settings.cors === undefined || settings.cors === null ? [] : checkCors(settings.cors, spot)),
];

const checkPolicies = (policies: readonly string[], { entry, document, path }: Spot): readonly Finding[] =>
  policies.flatMap((policy, index) => {
    const declared = document.entry('policies', policy);
    const isAbsent = declared?.value['absent'] === true;
    if (!isAbsent && (declared !== undefined || looksLikeId(policy))) return [];
    const place = entry.at(...path, 'policies', index);
    if (isAbsent)
      return [mistake({ code: 'MCP202', message: `policies.${policy} is absent: true and cannot be used here`, place })];
    // An id may look like anything: only what is close to a key is surely a slip, the rest is checked against the account.
    const known = document.entries('policies').map((one) => one.key);
    if (didYouMean(policy, known) === undefined) return [];
    return [
      mistake({ code: 'MCP201', message: `there is no policy "${policy}"`, hint: suggestion(policy, known, 'policies'), place }),
    ];
  });

/** The login page can only be skipped where there is one way to log in. */
function checkRedirect(
  { auto_redirect_to_identity: redirects, allowed_idps: idps }: Settings,
  { entry, path }: Spot,
): readonly Finding[] {
  if (redirects !== true || idps === undefined || idps?.length === 1) return [];
  const place = entry.at(...path, 'auto_redirect_to_identity');
  return [
    mistake({
      code: 'MCP109',
      message: `${words(entry, path)}: auto_redirect_to_identity needs exactly one of allowed_idps`,
      place,
    }),
  ];
}

function checkCors(cors: NonNullable<Settings['cors']>, { entry, path }: Spot): readonly Finding[] {
  const place = entry.at(...path, 'cors');
  const where = words(entry, path);
  const twice = (['origins', 'methods', 'headers'] as const).filter(
    (what) => cors[`allow_all_${what}`] === true && (cors[`allowed_${what}`] ?? []).length > 0,
  );
  const isOpen = cors.allow_all_origins === true || cors.allowed_origins?.includes('*') === true;
  const open = warning({
    code: 'MCP004',
    message: `${where}: browsers refuse allowed_origins "*" together with allow_credentials`,
    place,
    hint: 'name the origins, or leave allow_credentials out',
  });
  return [
    ...twice.map((what) =>
      mistake({
        code: 'MCP109',
        message: `${where}: cors has both allow_all_${what} and allowed_${what}; the API takes one of them`,
        place,
      }),
    ),
    ...(isOpen && cors.allow_credentials === true ? [open] : []),
  ];
}

const words = (entry: Spot['entry'], path: Spot['path']): string => [entry.section, entry.key, ...path].join('.');
