import * as z from 'zod';
import type { Entry, Finding, Sections } from '../../engine/kind.ts';
import { looksLikeId } from '../../engine/names.ts';
import { duration } from './fragments.ts';
import { mistake } from './findings.ts';
import { suggestion } from './rule-schema.ts';

const text = () => z.string().nullable().optional();
const flag = () => z.boolean().optional();

export const oauthSchema = () =>
  z
    .strictObject({
      enabled: flag(),
      dynamic_client_registration: z
        .strictObject({
          enabled: flag(),
          allow_any_on_localhost: flag(),
          allow_any_on_loopback: flag(),
          allowed_uris: z.array(z.string()).optional().describe('Redirect addresses that may register; an https one may end in /*.'),
        })
        .optional(),
      grant: z.strictObject({ access_token_lifetime: duration().optional(), session_duration: duration().optional() }).optional(),
    })
    .describe('Managed OAuth of the Access application.');

export const corsSchema = () =>
  z.strictObject({
    allowed_origins: z.array(z.string()).optional(),
    allowed_methods: z.array(z.string()).optional(),
    allowed_headers: z.array(z.string()).optional(),
    allow_all_origins: flag(),
    allow_all_methods: flag(),
    allow_all_headers: flag(),
    allow_credentials: flag(),
    max_age: z.number().int().min(-1).max(86_400).optional(),
  });

/** Settings that every Access application takes. */
export const commonSettings = () => ({
  policies: z.array(z.string()).nullable().optional().describe('Keys in policies, or ids; the order is the precedence.'),
  session_duration: duration().nullable().optional(),
  allowed_idps: z.array(z.string()).nullable().optional().describe('Ids of identity providers; empty means all.'),
  auto_redirect_to_identity: flag(),
  oauth: oauthSchema().nullable().optional(),
  tags: z.array(z.string()).nullable().optional(),
  logo_url: text(),
  custom_deny_message: text(),
  custom_deny_url: text(),
  custom_non_identity_deny_url: text(),
  custom_pages: z.array(z.string()).nullable().optional(),
  http_only_cookie_attribute: flag(),
  same_site_cookie_attribute: z.enum(['none', 'lax', 'strict', '']).nullable().optional(),
  allow_authenticate_via_warp: flag(),
});

/** Settings of applications with a hostname of their own (not of type `mcp`: the API refuses them there, Q32). */
export const hostSettings = () => ({
  app_launcher_visible: flag(),
  service_auth_401_redirect: flag().describe('Answer 401 instead of a redirect to the login page to requests without an identity.'),
  skip_interstitial: flag(),
  enable_binding_cookie: flag(),
  path_cookie_attribute: flag(),
  allow_iframe: flag(),
  read_service_tokens_from_header: text(),
  cors: corsSchema().nullable().optional(),
});

/** Policies that the document does not have, and identity providers that are not ids. */
export function checkSettings(settings: { readonly policies?: readonly string[] | null | undefined }, spot: Spot): readonly Finding[] {
  return (settings.policies ?? []).flatMap((policy, index) => {
    const declared = spot.document.entry('policies', policy);
    const place = spot.entry.at(...spot.path, 'policies', index);
    if (declared?.value['absent'] === true) {
      return [mistake({ code: 'MCP111', message: `policies.${policy} is absent: true and cannot be used here`, place })];
    }
    if (declared !== undefined || looksLikeId(policy)) return [];
    const known = spot.document.entries('policies').map((entry) => entry.key);
    return [mistake({ code: 'MCP110', message: `there is no policy "${policy}"`, hint: suggestion(policy, known, 'policies'), place })];
  });
}

type Spot = { readonly entry: Pick<Entry, 'at'>; readonly document: Sections; readonly path: readonly (string | number)[] };
